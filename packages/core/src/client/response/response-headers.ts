import type { RawHeaders } from '../transport/dispatcher.ts'

/** The fields of a response as the platform's own `Headers`. */
export function responseHeaders(raw: RawHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw))
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) headers.append(name, one)
  return headers
}

/** One field; the first if it came several times. */
export function headerOf(raw: RawHeaders, name: string): string | undefined {
  const value = raw[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** One field that is a list: all its values joined (RFC 9110 §5.2). */
export function headerListOf(raw: RawHeaders, name: string): string {
  const value = raw[name]
  return typeof value === 'string' ? value : (value?.join(', ') ?? '')
}
