import { tarErrors } from './errors.ts'

/** The records of an extended header that matter here. */
export interface PaxRecords {
  readonly path?: string | undefined
  readonly linkpath?: string | undefined
  readonly size?: number | undefined
}

/** Reads the records `"<length> <key>=<value>\n"` of a POSIX.1-2001 extended header. @throws `BACKUP_TAR_INVALID` */
export function parsePax(bytes: Uint8Array, offset: number): PaxRecords {
  const records: { path?: string; linkpath?: string; size?: number } = {}
  let position = 0
  while (position < bytes.length) {
    const space = bytes.indexOf(0x20, position)
    const digits = ascii(bytes.subarray(position, Math.max(space, position)))
    const end = position + Number(digits)
    if (!/^[1-9]\d{0,8}$/.test(digits) || end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a)
      throw invalid(offset + position)
    const [key, value] = keyAndValue(bytes.subarray(space + 1, end - 1), offset + position)
    if (key === 'path' || key === 'linkpath') records[key] = value
    if (key === 'size') records.size = sizeOf(value, offset + position)
    position = end
  }
  return records
}

function keyAndValue(record: Uint8Array, offset: number): [string, string] {
  const equals = record.indexOf(0x3d)
  if (equals < 1) throw invalid(offset)
  return [ascii(record.subarray(0, equals)), new TextDecoder().decode(record.subarray(equals + 1))]
}

function sizeOf(value: string, offset: number): number {
  const size = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(size)) throw invalid(offset)
  return size
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64))
}

function invalid(offset: number) {
  return tarErrors.BACKUP_TAR_INVALID({ offset, reason: 'an extended header is not valid' })
}
