import { isAlphanumeric, isDigit } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

const fewest = 8
/** ITU-T E.164. */
const most = 15
/** Of its characters, signs between the digits included. */
const longest = 64
/** Country codes that are in use (ITU-T E.164, list of assigned codes), by their first digits. */
const countryCode =
  /^(?:1|7|2(?:[07]|[1-689]\d)|3(?:[0-469]|[578]\d)|4(?:[013-9]|2\d)|5(?:[1-8]|[09]\d)|6(?:[0-6]|[789]\d)|8(?:[1246]|[0578]\d)|9(?:[0-58]|[679]\d))/

/** A telephone number whose `+` stands at `at`: a country code, and 8 to 15 digits in all. */
export function matchPhone(text: string, at: number): Span | undefined {
  if (isAlphanumeric(text.charCodeAt(at - 1))) return undefined
  let digits = ''
  let end = at
  let open = false
  const limit = Math.min(text.length, at + longest)
  for (let index = at + 1; index < limit && digits.length <= most; index++) {
    const code = text.charCodeAt(index)
    if (isDigit(code)) {
      digits += text[index]
      end = index + 1
    } else if (code === leftParenthesis && !open && digits.length > 0) open = true
    else if (code === rightParenthesis && open) open = false
    else if (!isSeparator(code) || isSeparator(text.charCodeAt(index - 1))) break
  }
  const right = digits.length >= fewest && digits.length <= most && countryCode.test(digits)
  return right && !isAlphanumeric(text.charCodeAt(end)) ? { start: at, end } : undefined
}

const leftParenthesis = 0x28
const rightParenthesis = 0x29

/** Space, `-`, `.`, `/` and the no-break space. */
function isSeparator(code: number): boolean {
  return code === 0x20 || (code >= 0x2d && code <= 0x2f) || code === 0xa0
}
