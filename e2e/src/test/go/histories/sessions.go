package main

import (
	"fmt"
	"sort"
	"strings"
)

const complaintsMax = 10

func hasWord(words, word string) bool {
	for _, each := range strings.Fields(words) {
		if each == word {
			return true
		}
	}
	return false
}

// All that was told of a key: its states, ascending by the zxid that made each. Deletes tell no zxid.
type chronicle struct {
	states    []*Seen
	by        map[int64]*Seen // by mzxid
	isDeleted bool            // perhaps
}

type sessionCheck struct {
	keys       map[string]*chronicle
	written    map[string]Operation // by value
	complaints []string
}

// Every session sees a state that never grows older, whatever it reads, at one server or several, and nothing that was not written.
func judgeSessions(operations []Operation) bool {
	c := &sessionCheck{keys: map[string]*chronicle{}, written: map[string]Operation{}}
	sessions := map[string][]Operation{}
	peeks := 0
	for _, o := range operations {
		name := fmt.Sprintf("%d.%d", o.Client, o.Session)
		sessions[name] = append(sessions[name], o)
		if o.Do == "peek" && !o.isOpen() {
			peeks++
		}
		c.note(o)
	}
	for _, o := range operations {
		c.isWritten(o)
	}
	for key, k := range c.keys {
		c.areInOrder(key, k)
	}
	for _, own := range sessions {
		c.neverGoesBack(own) // in the order of the calls, as loaded
	}
	verdict := "OK"
	if len(c.complaints) > 0 {
		verdict = "ILLEGAL"
	}
	fmt.Printf("sessions %s: %d of them, %d plain reads\n", verdict, len(sessions), peeks)
	sort.Strings(c.complaints)
	for i, complaint := range c.complaints {
		if i < complaintsMax {
			fmt.Println(" ", complaint)
		}
	}
	return len(c.complaints) == 0
}

func (c *sessionCheck) complain(what string, about ...interface{}) {
	c.complaints = append(c.complaints, fmt.Sprintf(what, about...))
}

func (c *sessionCheck) note(o Operation) {
	k := c.keys[o.Key]
	if k == nil {
		k = &chronicle{by: map[int64]*Seen{}}
		c.keys[o.Key] = k
	}
	if o.Do == "create" || o.Do == "set" {
		if twin, isThere := c.written[o.Value]; isThere {
			c.complain("not a history that can be judged: one value written twice: %v and %v", twin, o)
		}
		c.written[o.Value] = o
	}
	k.isDeleted = k.isDeleted || o.Do == "delete" && hasWord("ok open", o.Result)
	if o.Seen == nil {
		return
	}
	seen := *o.Seen
	if o.writes() {
		seen.Value = o.Value
	}
	if before := k.by[seen.Mzxid]; before == nil {
		k.by[seen.Mzxid] = &seen
		k.states = append(k.states, &seen)
	} else if *before != seen {
		c.complain("one zxid, two states of %s: %v and %v", o.Key, *before, o)
	}
}

func (c *sessionCheck) isWritten(o Operation) {
	if o.writes() || o.Seen == nil {
		return
	}
	by, isThere := c.written[o.Seen.Value]
	switch {
	case !isThere || by.Key != o.Key:
		c.complain("nobody wrote this: %v", o)
	case by.Call > o.Return:
		c.complain("seen before it was written: %v, by %v", by, o)
	case !hasWord("ok open", by.Result):
		c.complain("seen, though it was refused: %v, by %v", by, o)
	}
}

// Each write adds one to the version, until the znode is made anew.
func (c *sessionCheck) areInOrder(key string, k *chronicle) {
	sort.Slice(k.states, func(i, j int) bool { return k.states[i].Mzxid < k.states[j].Mzxid })
	for i := 1; i < len(k.states); i++ {
		before, now := k.states[i-1], k.states[i]
		grows := now.Czxid == before.Czxid && now.Version > before.Version
		isNew := now.Czxid > before.Mzxid
		if !grows && !isNew {
			c.complain("%s went from %v to %v", key, *before, *now)
		}
	}
}

func (c *sessionCheck) neverGoesBack(own []Operation) {
	floor := int64(0) // the newest zxid that the session has been shown, whatever key it was of
	for _, o := range own {
		k := c.keys[o.Key]
		if o.Seen != nil {
			if next := k.after(o.Seen.Mzxid); next != nil && next.Mzxid <= floor {
				c.complain("back from zxid %#x to before %v: %v", floor, *next, o)
			}
			if o.Seen.Mzxid > floor {
				floor = o.Seen.Mzxid
			}
		} else if o.Result == "none" && !k.isDeleted && len(k.states) > 0 && k.states[0].Mzxid <= floor {
			c.complain("back from zxid %#x to before %v: %v", floor, *k.states[0], o)
		}
	}
}

// The first known state behind a zxid.
func (k *chronicle) after(zxid int64) *Seen {
	i := sort.Search(len(k.states), func(i int) bool { return k.states[i].Mzxid > zxid })
	if i == len(k.states) {
		return nil
	}
	return k.states[i]
}
