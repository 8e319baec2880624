import { createHash } from 'node:crypto'
import type { ObjectStore, storageErrors } from '@exprsn/core/storage'
import { ExprsnError } from '@exprsn/core'
import { logicalErrors } from './errors.ts'
import type { TableParts } from './plan-parts.ts'

/** How parts are stored. */
export type ExportCompression = 'zstd' | 'none'

/** The moment that rows are of. */
export interface ExportSnapshot {
  /** `pg_current_snapshot()`: two equal ones see the same rows. */
  readonly snapshot: string
  /** Position in the log when it was taken. */
  readonly lsn: string
  /** When it was taken, by the server's clock, ISO 8601. */
  readonly time: string
}

/** A part that is stored. */
export interface ExportedPart {
  /** Its object. */
  readonly key: string
  readonly rows: number
  /** Bytes of COPY text. */
  readonly bytes: number
  /** Bytes of the object. */
  readonly stored: number
  /** SHA-256 of the COPY text, hexadecimal. */
  readonly sha256: string
  /** Which of `snapshots` its rows are of. */
  readonly snapshot: string
  /** Bytes of each piece of text and of the frame it was compressed to, one after the other; empty without compression. */
  readonly frames: readonly (readonly [bytes: number, stored: number])[]
}

/** A table of a finished export. */
export interface ExportedTable {
  readonly schema: string
  readonly name: string
  /** In the order of the fields. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly masked: boolean }[]
  /** Whether `where` left rows out. */
  readonly filtered: boolean
  readonly rows: number
  /** Bytes of COPY text. */
  readonly bytes: number
  readonly parts: readonly ExportedPart[]
  /** The last values of sequences that fill columns, as text. */
  readonly sequences: readonly { readonly column: string; readonly last: string }[]
}

/** A finished export, as `export.json` says. */
export interface TablesExport {
  readonly format: 'exprsn-copy-export'
  readonly version: 1
  readonly id: string
  /** `host:port` of the server, and its version, such as `18.4`. */
  readonly server: { readonly name: string; readonly version: string }
  readonly database: string
  readonly compress: ExportCompression
  /** ISO 8601, by the clock of this process. */
  readonly startedAt: string
  /** ISO 8601, by the clock of this process. */
  readonly finishedAt: string
  /** The moments that rows are of: one, unless an export that was cut off went on later on a database that is written. */
  readonly snapshots: readonly ExportSnapshot[]
  /** Whether all rows are of one moment. */
  readonly consistent: boolean
  readonly tables: readonly ExportedTable[]
}

/** What an export has set out to do, as `plan.json` says: it is gone on with after a crash. */
export interface ExportPlan {
  readonly id: string
  /** Digest of the options. */
  readonly fingerprint: string
  readonly startedAt: string
  readonly tables: readonly PlannedTable[]
}

/** A table that an export has set out to copy. */
export interface PlannedTable extends TableParts {
  readonly schema: string
  readonly name: string
  /** Names and types. */
  readonly columns: readonly (readonly [name: string, type: string])[]
}

/** A part that is stored, with the moment that its rows are of. */
export interface StoredPart {
  readonly part: ExportedPart
  readonly moment: ExportSnapshot
}

/** The objects of one export. */
export interface ExportFiles {
  readonly prefix: string
  /** Key of a part's rows. */
  partKey(table: number, name: { readonly schema: string; readonly name: string }, part: number): string
  readPlan(): Promise<ExportPlan | undefined>
  writePlan(plan: ExportPlan): Promise<void>
  /** What is known of a stored part. */
  readPart(key: string): Promise<StoredPart | undefined>
  writePart(stored: StoredPart): Promise<void>
  forgetPart(key: string): Promise<void>
  readExport(): Promise<TablesExport | undefined>
  writeExport(done: TablesExport): Promise<void>
}

/** Where an export lies. Nothing is read or written before the first call. */
export function exportFiles(
  store: ObjectStore,
  wantedPrefix: string,
  compress: ExportCompression,
  signal: AbortSignal | undefined,
): ExportFiles {
  const prefix = wantedPrefix === '' || wantedPrefix.endsWith('/') ? wantedPrefix : `${wantedPrefix}/`
  const read = async (key: string): Promise<unknown> => {
    try {
      return parse(key, await (await store.get(key, { signal })).bytes())
    } catch (error) {
      if (ExprsnError.is(error) && error.code === notFound) return undefined
      throw error
    }
  }
  const write = async (key: string, value: object): Promise<void> => {
    const body = JSON.stringify(value)
    const digest = createHash('sha256').update(body).digest('hex')
    const bytes = Buffer.from(JSON.stringify({ digest, value }))
    await store.put(key, bytes, { contentType: 'application/json', signal })
  }
  const recordKey = (key: string): string => `${key.slice(0, key.indexOf('.copy'))}.json`
  return {
    prefix,
    partKey: (table, { schema, name }, part) =>
      `${prefix}tables/${padded(table, 4)}-${encodeURIComponent(schema)}.${encodeURIComponent(name)}/${padded(part, 5)}.copy${compress === 'zstd' ? '.zst' : ''}`,
    readPlan: async () => (await read(`${prefix}plan.json`)) as ExportPlan | undefined,
    writePlan: (plan) => write(`${prefix}plan.json`, plan),
    readPart: async (key) => (await read(recordKey(key))) as StoredPart | undefined,
    writePart: (stored) => write(recordKey(stored.part.key), stored),
    forgetPart: (key) => store.delete(recordKey(key), { signal }),
    readExport: async () => (await read(`${prefix}export.json`)) as TablesExport | undefined,
    writeExport: (done) => write(`${prefix}export.json`, done),
  }
}

const notFound: keyof typeof storageErrors.definitions = 'CORE_STORAGE_NOT_FOUND'

function padded(number: number, length: number): string {
  return String(number).padStart(length, '0')
}

/** What was written by this code carries a digest of itself, so its shape need not be looked at once that fits. */
function parse(key: string, bytes: Uint8Array): unknown {
  let file: { readonly digest?: unknown; readonly value?: unknown } | null
  try {
    file = JSON.parse(Buffer.from(bytes).toString()) as typeof file
  } catch {
    throw damaged(key, 'it is no JSON')
  }
  const digest = createHash('sha256')
    .update(JSON.stringify(file?.value) ?? '')
    .digest('hex')
  if (file?.value === undefined || digest !== file.digest) throw damaged(key, 'it does not agree with its own digest')
  return file.value
}

function damaged(key: string, reason: string) {
  return logicalErrors.BACKUP_EXPORT_DAMAGED({ key, reason })
}
