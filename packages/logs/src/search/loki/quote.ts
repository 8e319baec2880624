import { toUSVString } from 'node:util'

/** A text as a string of LogQL, which are those of Go. */
export function quote(text: string): string {
  // JSON and Go agree but for half a character, which is none to Go.
  return JSON.stringify(toUSVString(text))
}
