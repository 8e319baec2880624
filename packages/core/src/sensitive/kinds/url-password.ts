import type { Span } from '../sensitive-kind.ts'

const longestAuthority = 1024

/** The password of a URL whose `://` stands at `at`. */
export function matchUrlPassword(text: string, at: number): Span | undefined {
  const start = at + 3
  const most = Math.min(text.length, start + longestAuthority)
  let colon = -1
  let atSign = -1
  for (let index = start; index < most && !endsAuthority(text.charCodeAt(index)); index++) {
    const code = text.charCodeAt(index)
    if (code === 0x3a && colon < 0) colon = index
    // The last one: passwords are written with bare @ signs, too.
    if (code === 0x40) atSign = index
  }
  return colon >= 0 && atSign > colon + 1 ? { start: colon + 1, end: atSign } : undefined
}

/** Space and below, `"`, `#`, `/`, `<`, `>`, `?`. */
function endsAuthority(code: number): boolean {
  return code <= 0x22 || code === 0x23 || code === 0x2f || code === 0x3c || code === 0x3e || code === 0x3f
}
