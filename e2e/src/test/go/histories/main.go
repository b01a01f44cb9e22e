// Checks a history that clients have recorded, one JSON object a line: the registers with Porcupine, key by key, and what each
// session saw. Usage: histories FILE
//
// Exit code: 0 if all is in order, 1 if something is ILLEGAL, 3 if a key took too long (UNKNOWN), 2 if the file cannot be read.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

const (
	legal      = 0
	illegal    = 1
	unreadable = 2
	unknown    = 3
)

// Seen is what an answer told of the znode; for a write, as the write left it.
type Seen struct {
	Value   string `json:"value"`
	Version int32  `json:"version"`
	Czxid   int64  `json:"czxid"`
	Mzxid   int64  `json:"mzxid"`
}

// Operation is a line of the file. Times are nanoseconds of one clock.
type Operation struct {
	Fault   string `json:"fault"` // instead of all that follows: what was done to the servers
	Client  int    `json:"client"`
	Session int    `json:"session"` // of that client, from 0 on
	Do      string `json:"do"`      // create, set, delete; read: sync and getData; peek: getData alone
	Key     string `json:"key"`
	Value   string `json:"value"`   // of create and set; no two write the same
	Version int32  `json:"version"` // that set and delete want, -1 for any
	Call    int64  `json:"call"`
	Return  int64  `json:"return"`
	Result  string `json:"result"` // ok, none, exists, version, full, or open: nobody knows whether it happened, or ever will
	Seen    *Seen  `json:"seen"`   // where the result is ok, but for delete
}

func (o Operation) writes() bool { return o.Do == "create" || o.Do == "set" || o.Do == "delete" }
func (o Operation) isOpen() bool { return o.Result == "open" }

func (o Operation) String() string {
	line, _ := json.Marshal(o)
	return string(line)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: histories FILE")
		os.Exit(unreadable)
	}
	operations, err := load(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(unreadable)
	}
	os.Exit(judge(operations))
}

func load(path string) ([]Operation, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var operations []Operation
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		var operation Operation
		if err := json.Unmarshal(lines.Bytes(), &operation); err != nil {
			return nil, fmt.Errorf("%s:%d: %v", path, number, err)
		}
		if operation.Fault != "" {
			continue
		}
		if err := check(operation); err != nil {
			return nil, fmt.Errorf("%s:%d: %v", path, number, err)
		}
		operations = append(operations, operation)
	}
	if len(operations) == 0 && lines.Err() == nil {
		return nil, fmt.Errorf("%s: no operations", path)
	}
	sort.SliceStable(operations, func(i, j int) bool { return operations[i].Call < operations[j].Call })
	return operations, lines.Err()
}

// What this program does not understand it must not pass over.
func check(o Operation) error {
	results := map[string]string{
		"create": "ok exists full open", "set": "ok none version full open", "delete": "ok none version full open",
		"read": "ok none open", "peek": "ok none open",
	}
	known, isThere := results[o.Do]
	if !isThere || !hasWord(known, o.Result) {
		return fmt.Errorf("%q cannot end with %q", o.Do, o.Result)
	}
	if o.Result == "ok" && o.Do != "delete" && o.Seen == nil {
		return fmt.Errorf("%s tells not what it saw", o.Do)
	}
	if o.Return < o.Call {
		return fmt.Errorf("%s ended before it began", o.Do)
	}
	return nil
}

func judge(operations []Operation) int {
	byKey := map[string][]Operation{}
	for _, operation := range operations {
		byKey[operation.Key] = append(byKey[operation.Key], operation)
	}
	keys := make([]string, 0, len(byKey))
	for key := range byKey {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	worst := legal
	for _, key := range keys {
		if verdict := judgeKey(key, byKey[key]); worst != illegal && verdict != legal {
			worst = verdict
		}
	}
	if !judgeSessions(operations) {
		worst = illegal
	}
	return worst
}
