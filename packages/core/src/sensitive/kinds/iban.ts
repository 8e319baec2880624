import { isAlphanumeric, isDigit } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

/** Characters of an IBAN by country, from SWIFT's registry (ISO 13616-2). */
const lengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)
const space = 0x20

/** An IBAN that begins at `at`, in one piece or in groups of four. */
export function matchIban(text: string, at: number): Span | undefined {
  if (!isDigit(text.charCodeAt(at + 2)) || !isDigit(text.charCodeAt(at + 3))) return undefined
  const length = lengths[text.slice(at, at + 2)]
  if (length === undefined) return undefined
  const grouped = text.charCodeAt(at + 4) === space
  let compact = ''
  let end = at
  while (compact.length < length) {
    if (grouped && compact.length > 0 && compact.length % 4 === 0 && text.charCodeAt(end++) !== space) return undefined
    const code = text.charCodeAt(end)
    if (!isDigit(code) && !(code >= 65 && code <= 90)) return undefined
    compact += text[end++]
  }
  return isAlphanumeric(text.charCodeAt(end)) || !passesMod97(compact) ? undefined : { start: at, end }
}

/** ISO/IEC 7064, MOD 97-10: the country and check digits moved to the end, letters as 10 to 35, must leave 1. */
function passesMod97(iban: string): boolean {
  let remainder = 0
  for (let index = 0; index < iban.length; index++) {
    const code = iban.charCodeAt((index + 4) % iban.length)
    remainder = isDigit(code) ? (remainder * 10 + code - 48) % 97 : (remainder * 100 + code - 55) % 97
  }
  return remainder === 1
}
