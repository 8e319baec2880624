import { crc32c } from '../bytes/crc32c.ts'
import type { Random } from '../random/random.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const idLength = 12
const secretLength = 32
const checksumLength = 6
const shape = /^([a-z][a-z0-9]{0,15})_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/

/** The parts of a key's text. */
export interface ApiKeyParts {
  readonly prefix: string
  readonly id: string
  readonly secret: string
}

/**
 * A new key: `prefix_id_secret`, the secret being 32 letters and digits (190 bits) and six more that are the CRC-32C of
 * all before them, so that typing errors, and keys found in leaked text, are told apart without a look-up.
 */
export function makeApiKey(
  prefix: string,
  random: Random,
  id: string = draw(random, idLength),
): ApiKeyParts & { readonly text: string } {
  const secret = draw(random, secretLength)
  const body = `${prefix}_${id}_${secret}`
  return { prefix, id, secret, text: body + checksum(body) }
}

/**
 * The parts of a key; undefined when it has not the shape of one, or its checksum is wrong.
 *
 * @example
 * ```ts
 * import { parseApiKey } from '@exprsn/core/auth'
 *
 * console.log(parseApiKey('acme_nothing')) // undefined
 * ```
 */
export function parseApiKey(text: string): ApiKeyParts | undefined {
  const match = shape.exec(text)
  if (match === null || checksum(text.slice(0, -checksumLength)) !== match[4]) return undefined
  const [, prefix = '', id = '', secret = ''] = match
  return { prefix, id, secret }
}

/** Whether a text can stand before the first underscore. */
export function isApiKeyPrefix(prefix: string): boolean {
  return /^[a-z][a-z0-9]{0,15}$/.test(prefix)
}

/** Letters without bias: bytes from 248 on, the largest multiple of 62 in a byte, are drawn again. */
function draw(random: Random, length: number): string {
  let text = ''
  while (text.length < length)
    for (const byte of random.bytes(length * 2)) if (byte < 248 && text.length < length) text += alphabet[byte % 62]
  return text
}

function checksum(text: string): string {
  let rest = crc32c(new TextEncoder().encode(text))
  let digits = ''
  for (let index = 0; index < checksumLength; index++) {
    digits = alphabet[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
