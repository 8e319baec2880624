import { endOf, isToken } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

/** Longest part that is looked at, in characters: tokens travel in headers of 8 KiB. */
const longestPart = 8192
const fewestInHeader = 12

/** A JSON Web Token in compact form (RFC 7519 §3) whose `eyJ`, base64url of `{"`, stands at `at`. */
export function matchJwt(text: string, at: number): Span | undefined {
  if (!text.startsWith('eyJ', at) || isToken(text.charCodeAt(at - 1))) return undefined
  const header = endOf(text, at, isToken, longestPart)
  if (header - at < fewestInHeader || text[header] !== '.') return undefined
  const payload = endOf(text, header + 1, isToken, longestPart)
  if (payload === header + 1 || text[payload] !== '.') return undefined
  const end = endOf(text, payload + 1, isToken, longestPart)
  return isJsonObject(text.slice(at, header)) ? { start: at, end } : undefined
}

function isJsonObject(part: string): boolean {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) !== null
  } catch {
    return false
  }
}
