package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

const (
	patience   = time.Minute // for a key
	clientsMax = 16          // of a key; the work grows fast with them
)

// A znode as a register with versions, and what of the open operations has been placed so far.
type register struct {
	isThere bool
	version int32
	value   string
	isOver  bool // all that was answered has been placed; what is open and left has never happened
	sets    int  // of open sets for any version whose value nobody saw, those that have happened
	creates int  // likewise
	deletes int  // likewise
}

type input struct {
	Operation
	isEnd bool
	turn  int // by call, among the open ones of its kind whose effect nobody saw: an order as good as any other
}

const nobodySaw = "?"

var model = porcupine.Model{
	Init: func() interface{} { return register{} },
	Step: func(state, in, _ interface{}) (bool, interface{}) {
		return step(state.(register), in.(input))
	},
	Hash: func(state interface{}) uint64 {
		r := state.(register)
		return uint64(r.version)*31 + uint64(r.sets)*1009 + uint64(r.creates)*10007 + uint64(r.deletes)*100003
	},
}

// An open operation is placed where it had an effect, or else after the end: nowhere between.
func step(r register, in input) (bool, interface{}) {
	switch {
	case in.isEnd:
		r.isOver = true
		return true, r
	case r.isOver:
		return in.isOpen(), r
	case in.isOpen():
		return stepOpen(r, in)
	}
	fits := false
	switch in.Result {
	case "full": // nothing happened
		return true, r
	case "none":
		return !r.isThere, r
	case "exists":
		return r.isThere, r
	case "version":
		return r.isThere && in.Version != -1 && in.Version != r.version, r
	}
	switch in.Do {
	case "create":
		fits, r.isThere, r.version, r.value = !r.isThere, true, 0, in.Value
		return fits && in.Seen.Version == 0, r
	case "set":
		fits, r.version, r.value = r.takes(in.Version), r.version+1, in.Value
		return fits && in.Seen.Version == r.version, r
	case "delete":
		fits, r.isThere, r.version, r.value = r.takes(in.Version), false, 0, ""
		return fits, r
	default:
		return r.isThere && in.Seen.Value == r.value && in.Seen.Version == r.version, r
	}
}

func stepOpen(r register, in input) (bool, interface{}) {
	fits, isAny := false, in.Version == -1
	switch in.Do {
	case "create":
		fits = !r.isThere && in.turn == r.creates
		r.isThere, r.version, r.value, r.creates = true, 0, nobodySaw, r.creates+1
	case "set":
		fits = r.takes(in.Version) && (!isAny || in.turn == r.sets)
		r.version, r.value = r.version+1, nobodySaw
		if isAny {
			r.sets++
		}
	case "delete":
		fits = r.takes(in.Version) && (!isAny || in.turn == r.deletes)
		r.isThere, r.version, r.value = false, 0, ""
		if isAny {
			r.deletes++
		}
	}
	return fits, r
}

func (r register) takes(version int32) bool {
	return r.isThere && (version == -1 || version == r.version)
}

// Plain reads are not here: they may be late. But what they show has happened.
func judgeKey(key string, operations []Operation) int {
	history, open, err := historyOf(operations)
	if err != nil {
		fmt.Printf("%s ILLEGAL: %v\n", key, err)
		return illegal
	}
	result := porcupine.CheckOperationsTimeout(model, history, patience)
	fmt.Printf("%s %s: %d operations, %d of them open\n", key, strings.ToUpper(string(result)), len(history)-1, open)
	switch result {
	case porcupine.Ok:
		return legal
	case porcupine.Unknown:
		return unknown
	default:
		explain(history)
		return illegal
	}
}

func historyOf(operations []Operation) (history []porcupine.Operation, open int, err error) {
	seen := firstSeen(operations)
	clients := map[int]bool{}
	turns := map[string]int{}
	last := int64(0)
	for _, o := range operations {
		clients[o.Client] = true
		if o.Return > last {
			last = o.Return
		}
	}
	if len(clients) > clientsMax {
		return nil, 0, fmt.Errorf("%d clients, more than %d", len(clients), clientsMax)
	}
	for _, o := range operations {
		if !o.writes() && (o.Do == "peek" || o.isOpen()) {
			continue // a read without an answer tells nothing
		}
		in := input{Operation: o}
		if by, isSeen := seen[o.Value]; isSeen && o.isOpen() && o.Do != "delete" {
			in.Result, in.Seen, in.Return = "ok", by.Seen, by.Return
			if in.Return < in.Call {
				return nil, 0, fmt.Errorf("seen before it was written: %v, by %v", o, by)
			}
		} else if o.isOpen() {
			open++
			in.Return = math.MaxInt64
			if o.Do == "create" || o.Version == -1 {
				in.turn = turns[o.Do]
				turns[o.Do]++
			}
		}
		history = append(history, porcupine.Operation{ClientId: o.Client, Input: in, Call: in.Call, Return: in.Return})
	}
	end := porcupine.Operation{Input: input{isEnd: true}, Call: last + 1, Return: math.MaxInt64 - 1}
	return append(history, end), open, nil
}

// For each value the read that ended first of those that show it.
func firstSeen(operations []Operation) map[string]Operation {
	first := map[string]Operation{}
	for _, o := range operations {
		if o.writes() || o.Seen == nil {
			continue
		}
		if before, isThere := first[o.Seen.Value]; !isThere || o.Return < before.Return {
			first[o.Seen.Value] = o
		}
	}
	return first
}

// Prints the first answer that has no place behind the longest order that was found.
func explain(history []porcupine.Operation) {
	_, about := porcupine.CheckOperationsVerbose(model, history, patience)
	var longest []porcupine.Operation
	for _, partial := range about.PartialLinearizationsOperations()[0] {
		if len(partial) > len(longest) {
			longest = partial
		}
	}
	placed := map[string]bool{}
	for _, o := range longest {
		placed[o.Input.(input).String()] = true
	}
	var stuck *input
	for _, o := range history {
		in := o.Input.(input)
		if !in.isEnd && !placed[in.String()] && (stuck == nil || in.Return < stuck.Return) {
			stuck = &in
		}
	}
	fmt.Printf("  an order for %d of them; then nothing explains %v\n", len(longest), stuck)
	for i := len(longest) - 5; i < len(longest); i++ {
		if i >= 0 {
			fmt.Printf("  before: %v\n", longest[i].Input)
		}
	}
}
