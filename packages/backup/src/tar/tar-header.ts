import { tarErrors } from './errors.ts'

/** Everything in a tar archive is padded to blocks of this many bytes. */
export const tarBlock = 512

/** A header block, decoded. Field layout: POSIX.1-1988 (ustar), with the GNU extensions. */
export interface TarHeader {
  readonly name: string
  readonly size: number
  readonly mode: number
  /** Seconds since 1970. */
  readonly modifiedAt: number
  /** The type flag; files come as `'0'` also from archives that leave it empty. */
  readonly type: string
  readonly target: string
}

/** Reads a header block; undefined for a block of zeros, which ends an archive. @throws `BACKUP_TAR_INVALID` */
export function parseTarHeader(block: Uint8Array, offset: number): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined
  const stored = numberField(block, 148, 8, offset)
  if (stored !== checksum(block)) throw tarErrors.BACKUP_TAR_INVALID({ offset, reason: 'a header checksum is wrong' })
  const ustar = textField(block, 257, 5, offset) === 'ustar' && block[262] === 0
  const prefix = ustar ? textField(block, 345, 155, offset) : ''
  const name = textField(block, 0, 100, offset)
  const type = String.fromCharCode(block[156]!)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: numberField(block, 124, 12, offset),
    mode: numberField(block, 100, 8, offset) & 0o7777,
    modifiedAt: numberField(block, 136, 12, offset),
    type: type === '\0' ? '0' : type,
    target: textField(block, 157, 100, offset),
  }
}

/** The sum of all bytes, with the checksum's own field counted as spaces. */
export function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20
  for (let index = 0; index < tarBlock; index++) if (index < 148 || index >= 156) sum += block[index]!
  return sum
}

/** Octal digits, or big-endian base 256 when the first bit is set (GNU: sizes from 8 GiB). */
function numberField(block: Uint8Array, start: number, length: number, offset: number): number {
  const value = block[start]! & 0x80 ? base256(block, start, length) : octal(block, start, length)
  if (value === undefined || !Number.isSafeInteger(value) || value < 0)
    throw tarErrors.BACKUP_TAR_INVALID({ offset: offset + start, reason: 'a number in a header is not valid' })
  return value
}

function base256(block: Uint8Array, start: number, length: number): number {
  let value = block[start]! & 0x7f
  for (let index = start + 1; index < start + length; index++) value = value * 256 + block[index]!
  return value
}

function octal(block: Uint8Array, start: number, length: number): number | undefined {
  const text = String.fromCharCode(...block.subarray(start, start + length))
  const match = /^ *([0-7]*)[ \0]*$/.exec(text)
  return match === null ? undefined : Number.parseInt(match[1] || '0', 8)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Text up to the first NUL. */
export function textField(block: Uint8Array, start: number, length: number, offset: number): string {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  try {
    return decoder.decode(end === -1 ? field : field.subarray(0, end))
  } catch {
    throw tarErrors.BACKUP_TAR_INVALID({ offset: offset + start, reason: 'a name is not valid UTF-8' })
  }
}
