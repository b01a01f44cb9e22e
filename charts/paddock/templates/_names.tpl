{{- define "paddock.name" -}}
{{ printf "%s-operator" .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{/* Cluster-wide objects: two operators, in two namespaces, have each their own. */}}
{{- define "paddock.clusterName" -}}
{{ printf "%s.%s" (include "paddock.name" .) .Release.Namespace }}
{{- end }}

{{- define "paddock.webhookName" -}}
{{ include "paddock.name" . }}-webhook
{{- end }}

{{- define "paddock.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "paddock.selector" -}}
app.kubernetes.io/name: paddock
app.kubernetes.io/component: operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "paddock.labels" -}}
{{ include "paddock.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
