import { createHash } from 'node:crypto'
import { fromHex } from '@exprsn/core/bytes'
import { ExprsnError } from '@exprsn/core'
import { parseLsn, type Lsn } from '../replication/lsn.ts'
import { safePath } from '../tar/safe-path.ts'
import { manifestErrors } from './errors.ts'

/** Checksum algorithms that PostgreSQL writes into manifests. */
export type ChecksumAlgorithm = 'CRC32C' | 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512'

/** One file of a backup. */
export interface ManifestFile {
  /** Relative to the data folder; tablespaces as `pg_tblspc/<oid>/…`. */
  readonly path: string
  readonly size: number
  /** Seconds since 1970; undefined when the manifest names no time. */
  readonly modifiedAt?: number | undefined
  /** Undefined when the backup was taken without checksums. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly hex: string } | undefined
}

/** WAL that a backup needs before it is consistent. */
export interface ManifestWalRange {
  readonly timeline: number
  readonly start: Lsn
  readonly end: Lsn
}

/** A backup manifest, decoded. */
export interface BackupManifest {
  readonly version: 1 | 2
  /** From version 2 (PostgreSQL 17) on. */
  readonly systemIdentifier?: bigint | undefined
  readonly files: readonly ManifestFile[]
  readonly walRanges: readonly ManifestWalRange[]
}

const digestBytes = { CRC32C: 4, SHA224: 28, SHA256: 32, SHA384: 48, SHA512: 64 } as const
/** Bytes; a cluster of a million files has 200 MB. */
export const largestManifest = 2 ** 30

/**
 * Reads a `backup_manifest` of version 1 or 2 and checks its own checksum.
 *
 * Format: https://www.postgresql.org/docs/current/backup-manifest-format.html
 *
 * @throws `BACKUP_MANIFEST_INVALID` naming the field, `BACKUP_MANIFEST_CHECKSUM`.
 */
export function parseManifest(bytes: Uint8Array): BackupManifest {
  if (bytes.length > largestManifest) throw invalid(`${bytes.length} bytes are more than any manifest has`)
  const document = asObject(parseJson(bytes), 'the document')
  const version = document['PostgreSQL-Backup-Manifest-Version']
  if (version !== 1 && version !== 2) throw invalid(`version ${shown(version)} is not known`)
  checkOwnChecksum(bytes, asText(document['Manifest-Checksum'], 'Manifest-Checksum'))
  const seen = new Set<string>()
  return {
    version,
    systemIdentifier: version === 1 ? undefined : systemIdentifier(bytes),
    files: asList(document['Files'], 'Files').map((file, index) => parseFile(file, `Files[${index}]`, seen)),
    walRanges: asList(document['WAL-Ranges'], 'WAL-Ranges').map((range, index) =>
      parseRange(range, `WAL-Ranges[${index}]`),
    ),
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? 'it is not JSON' : 'it is not UTF-8 text', error)
  }
}

/** The checksum covers every byte before the line that holds it. */
function checkOwnChecksum(bytes: Uint8Array, expected: string): void {
  const withoutLast = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes
  const lastLine = withoutLast.lastIndexOf(0x0a) + 1
  const actual = createHash('sha256').update(bytes.subarray(0, lastLine)).digest('hex')
  if (actual !== expected.toLowerCase()) throw manifestErrors.BACKUP_MANIFEST_CHECKSUM({ expected, actual })
}

/** As a JSON number it has more digits than a double keeps: it is read from the text. */
function systemIdentifier(bytes: Uint8Array): bigint {
  const head = new TextDecoder().decode(bytes.subarray(0, 4_096))
  const match = /"System-Identifier"\s*:\s*(\d{1,20})\b/.exec(head)
  if (match === null) throw invalid('System-Identifier is missing')
  return BigInt(match[1]!)
}

function parseFile(value: unknown, where: string, seen: Set<string>): ManifestFile {
  const file = asObject(value, where)
  const path = filePath(file, where)
  if (seen.has(path)) throw invalid(`${where}: "${path}" is listed twice`)
  seen.add(path)
  const size = file['Size']
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw invalid(`${where}.Size is ${shown(size)}`)
  return { path, size, modifiedAt: modificationTime(file['Last-Modified']), checksum: parseChecksum(file, where) }
}

/** Always `'2026-11-20 10:41:07 GMT'`; nothing depends on it so much that another form should end a restore. */
function modificationTime(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) GMT$/.exec(value) : null
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`)
  return Number.isNaN(time) ? undefined : time / 1_000
}

function filePath(file: Fields, where: string): string {
  const encoded = file['Encoded-Path']
  const path = encoded === undefined ? asText(file['Path'], `${where}.Path`) : decodePath(encoded, where)
  try {
    const safe = safePath(path)
    if (safe === '') throw invalid(`${where}.Path is empty`)
    return safe
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'BACKUP_MANIFEST_INVALID') throw error
    throw invalid(`${where}.Path "${path}" leaves the folder`, error)
  }
}

function decodePath(encoded: unknown, where: string): string {
  const text = asText(encoded, `${where}.Encoded-Path`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fromHex(text))
  } catch (error) {
    throw invalid(`${where}.Encoded-Path is not a name in UTF-8`, error)
  }
}

function parseChecksum(file: Fields, where: string): ManifestFile['checksum'] {
  if (file['Checksum'] === undefined && file['Checksum-Algorithm'] === undefined) return undefined
  const algorithm = asText(file['Checksum-Algorithm'], `${where}.Checksum-Algorithm`)
  const hex = asText(file['Checksum'], `${where}.Checksum`).toLowerCase()
  if (!isAlgorithm(algorithm)) throw invalid(`${where}.Checksum-Algorithm ${shown(algorithm)} is not known`)
  if (!/^[0-9a-f]*$/.test(hex) || hex.length !== digestBytes[algorithm] * 2)
    throw invalid(`${where}.Checksum is not a ${algorithm} checksum`)
  return { algorithm, hex }
}

function isAlgorithm(text: string): text is ChecksumAlgorithm {
  return Object.hasOwn(digestBytes, text)
}

function parseRange(value: unknown, where: string): ManifestWalRange {
  const range = asObject(value, where)
  const timeline = range['Timeline']
  if (typeof timeline !== 'number' || !Number.isInteger(timeline) || timeline < 1 || timeline > 0xffff_ffff)
    throw invalid(`${where}.Timeline is ${shown(timeline)}`)
  const start = lsnOf(range['Start-LSN'], `${where}.Start-LSN`)
  const end = lsnOf(range['End-LSN'], `${where}.End-LSN`)
  if (end < start) throw invalid(`${where} ends before it starts`)
  return { timeline, start, end }
}

function lsnOf(value: unknown, where: string): Lsn {
  try {
    return parseLsn(asText(value, where))
  } catch (error) {
    throw invalid(`${where} is ${shown(value)}`, error)
  }
}

type Fields = Readonly<Record<string, unknown>>

function asObject(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${where} is not an object`)
  return value as Fields
}

function asList(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${where} is not a list`)
  return value
}

function asText(value: unknown, where: string): string {
  if (typeof value !== 'string') throw invalid(`${where} is not text`)
  return value
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 60)
}

function invalid(reason: string, cause?: unknown) {
  return manifestErrors.BACKUP_MANIFEST_INVALID({ reason }, { cause })
}
