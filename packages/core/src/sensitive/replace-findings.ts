import { maskOf } from './mask-of.ts'
import type { Finding } from './sensitive-kind.ts'

/** A part of a text with the findings in it replaced. */
export function replaceFindings(text: string, findings: readonly Finding[], from: number, to: number): string {
  if (findings.length === 0) return text.slice(from, to)
  let masked = ''
  let at = from
  for (const { kind, start, end } of findings) {
    masked += text.slice(at, start) + maskOf(kind, text.slice(start, end))
    at = end
  }
  return masked + text.slice(at, to)
}
