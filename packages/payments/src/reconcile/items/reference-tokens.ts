const shortest = 6
const none: readonly string[] = []

/**
 * References within free text: runs of letters, digits, `_` and `-` that have a digit and six characters or more, in capitals
 * and without `_` and `-`, since banks drop and change them.
 */
export function referenceTokens(...texts: readonly (string | undefined)[]): readonly string[] {
  const tokens: string[] = []
  for (const text of texts)
    // What becomes longer in capitals is no ASCII: ß is SS.
    if (text !== undefined) collect(isAscii(text) ? text : text.toUpperCase(), tokens)
  // An array that grew has room for sixteen more; hundreds of thousands of them are kept.
  if (tokens.length < 2) return tokens.length === 0 ? none : [tokens[0]!]
  return tokens.toSorted()
}

const [outside, mark, letter, digit] = [0, 1, 2, 3]
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/\d/.test(character)) return digit
  return /[A-Za-z]/.test(character) ? letter : /[_-]/.test(character) ? mark : outside
})

/** A run begins with a letter or a digit. A regular expression takes five times as long. */
function collect(text: string, tokens: string[]): void {
  for (let at = 0; at < text.length; at++) {
    if (kindAt(text, at) < letter) continue
    const start = at
    let [count, digits, begin] = [0, 0, at]
    // What stands before marks; most have none or one.
    let before = ''
    for (; at < text.length; at++) {
      const kind = kindAt(text, at)
      if (kind === outside) break
      if (kind === mark) {
        before += text.slice(begin, at)
        begin = at + 1
      } else count++
      if (kind === digit) digits++
    }
    if (count < shortest || digits === 0) continue
    const token = (begin === start ? text.slice(start, at) : before + text.slice(begin, at)).toUpperCase()
    if (!tokens.includes(token)) tokens.push(token)
  }
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? kinds[code]! : outside
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}
