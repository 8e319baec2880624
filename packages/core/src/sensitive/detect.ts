import { endOf, isAlphanumeric, isDigit } from './characters.ts'
import { apiKeyStarts, matchApiKey } from './kinds/api-key.ts'
import { matchCard } from './kinds/card.ts'
import { matchEmail } from './kinds/email.ts'
import { matchIban } from './kinds/iban.ts'
import { matchIpv4, matchIpv6 } from './kinds/ip-address.ts'
import { matchJwt } from './kinds/jwt.ts'
import { NamedSecretFinder } from './kinds/named-secret.ts'
import { matchPhone } from './kinds/phone.ts'
import { PrivateKeyFinder } from './kinds/private-key.ts'
import { matchUrlPassword } from './kinds/url-password.ts'
import type { Finding, SensitiveKind, Span } from './sensitive-kind.ts'

const digit = 1
const atSign = 2
const colon = 4
const equals = 8
const plus = 16
const dash = 32
const keyStart = 64
const upperCase = 128

const triggers = new Uint8Array(128)
mark('0123456789', digit)
mark('@', atSign)
mark(':', colon)
mark('=', equals)
mark('+', plus)
mark('-', dash)
mark(`e${apiKeyStarts}`, keyStart)
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', upperCase)

function mark(characters: string, flag: number): void {
  for (const character of characters) triggers[character.charCodeAt(0)]! |= flag
}

/**
 * Everything of these kinds in a text, in the order of their triggers, overlaps included.
 *
 * One pass looks only for characters at which something can be recognised; each detector then looks a bounded number of
 * characters around. So the time grows with the length alone, whatever the text.
 */
export function detect(text: string, kinds: ReadonlySet<SensitiveKind>): Finding[] {
  const findings: Finding[] = []
  const privateKeys = new PrivateKeyFinder()
  const secrets = new NamedSecretFinder()
  const add = (kind: SensitiveKind, span: Span | undefined): void => {
    if (span !== undefined) findings.push({ kind, start: span.start, end: span.end })
  }
  const { length } = text
  let ipv6From = 0
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    const trigger = code < 128 ? triggers[code]! : 0
    if (trigger === 0) continue

    if (trigger === digit) {
      const end = endOf(text, at, isDigit, length)
      if (end - at < 20 && kinds.has('card')) add('card', matchCard(text, at))
      if (end - at < 4 && text.charCodeAt(end) === 0x2e && kinds.has('ip')) add('ip', matchIpv4(text, at))
      at = end - 1
    } else if ((trigger & (keyStart | upperCase)) !== 0) {
      // Keys begin where a word begins; the rest of a word is passed over at once.
      if (isAlphanumeric(text.charCodeAt(at - 1))) continue
      if ((trigger & keyStart) !== 0) {
        if (code === 0x65) {
          if (kinds.has('jwt')) add('jwt', matchJwt(text, at))
        } else if (kinds.has('api-key')) add('api-key', matchApiKey(text, at))
      }
      if ((trigger & upperCase) !== 0 && kinds.has('iban')) add('iban', matchIban(text, at))
    } else if (trigger === colon) {
      if (text.charCodeAt(at + 1) === 0x2f && text.charCodeAt(at + 2) === 0x2f) {
        if (kinds.has('url-password')) add('url-password', matchUrlPassword(text, at))
        continue
      }
      if (kinds.has('secret')) add('secret', secrets.match(text, at))
      if (at >= ipv6From && kinds.has('ip')) {
        const span = matchIpv6(text, at)
        add('ip', span)
        if (span !== undefined) ipv6From = span.end
      }
    } else if (trigger === equals) {
      if (kinds.has('secret')) add('secret', secrets.match(text, at))
    } else if (trigger === atSign) {
      if (kinds.has('email')) add('email', matchEmail(text, at))
    } else if (trigger === plus) {
      if (kinds.has('phone')) add('phone', matchPhone(text, at))
    } else if (trigger === dash && text.charCodeAt(at + 4) === 0x2d && kinds.has('private-key')) {
      add('private-key', privateKeys.match(text, at))
    }
  }
  return findings
}
