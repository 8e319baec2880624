import { endOf, isDomain, isEmailLocal } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

/** RFC 5321 §4.5.3.1. */
const longestLocal = 64
const longestDomain = 253
const domainForm = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/i

/** An e-mail address around the `@` at `at`, in its usual form: no quotes, no comments, a domain with a dot. */
export function matchEmail(text: string, at: number): Span | undefined {
  let start = at
  while (start > 0 && at - start < longestLocal && isEmailLocal(text.charCodeAt(start - 1))) start--
  while (start < at && edges.test(text[start]!)) start++
  if (start === at || text[at - 1] === '.') return undefined
  let end = endOf(text, at + 1, isDomain, longestDomain)
  while (end > at && /[.-]/.test(text[end - 1]!)) end--
  return domainForm.test(text.slice(at + 1, end)) ? { start, end } : undefined
}

/** What more likely belongs to the sentence than to the address. */
const edges = /['.%-]/
