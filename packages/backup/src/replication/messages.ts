import { postgresErrors } from './errors.ts'
import type { Lsn } from './lsn.ts'

/** What arrives inside CopyData while WAL is streamed. */
export type WalMessage =
  /** `start` is the position of the first of `bytes`; `end` is how far the server has written. */
  | { readonly kind: 'data'; readonly start: Lsn; readonly end: Lsn; readonly time: bigint; readonly bytes: Uint8Array }
  | { readonly kind: 'keepalive'; readonly end: Lsn; readonly time: bigint; readonly replyNow: boolean }

/** What arrives inside CopyData during a base backup, besides data. */
export type BackupMessage =
  /** A tar archive begins; `location` is the tablespace's folder on the server, empty for the main archive. */
  | { readonly kind: 'archive'; readonly name: string; readonly location: string }
  | { readonly kind: 'manifest' }
  /** Bytes that the server has read so far in the current archive. */
  | { readonly kind: 'progress'; readonly done: bigint }

const code = { data: 0x77, keepalive: 0x6b, archive: 0x6e, manifest: 0x6d, backupData: 0x64, progress: 0x70 } as const
const walDataHeader = 25
const keepaliveLength = 18

/** Reads one message of a WAL stream; `bytes` is a view into `chunk`. @throws `BACKUP_POSTGRES_PROTOCOL` */
export function decodeWalMessage(chunk: Uint8Array): WalMessage {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  if (chunk[0] === code.data && chunk.length >= walDataHeader)
    return {
      kind: 'data',
      start: view.getBigUint64(1),
      end: view.getBigUint64(9),
      time: view.getBigInt64(17),
      bytes: chunk.subarray(walDataHeader),
    }
  if (chunk[0] === code.keepalive && chunk.length === keepaliveLength)
    return { kind: 'keepalive', end: view.getBigUint64(1), time: view.getBigInt64(9), replyNow: chunk[17] !== 0 }
  throw unknownMessage('WAL stream', chunk)
}

/** Whether a message of a base backup is data of the current archive or of the manifest: what follows its first byte. */
export function isBackupData(chunk: Uint8Array): boolean {
  return chunk[0] === code.backupData
}

/** Reads one message of a base backup that is not data. @throws `BACKUP_POSTGRES_PROTOCOL` */
export function decodeBackupMessage(chunk: Uint8Array): BackupMessage {
  if (chunk[0] === code.archive) {
    const [name, location, ...rest] = new TextDecoder().decode(chunk.subarray(1)).split('\0')
    if (name && location !== undefined && rest.length === 1 && rest[0] === '')
      return { kind: 'archive', name, location }
  }
  if (chunk[0] === code.manifest && chunk.length === 1) return { kind: 'manifest' }
  if (chunk[0] === code.progress && chunk.length === 9)
    return { kind: 'progress', done: new DataView(chunk.buffer, chunk.byteOffset).getBigInt64(1) }
  throw unknownMessage('base backup', chunk)
}

/** What a standby status update says. */
export interface StandbyStatus {
  /** One past the last byte received. */
  readonly written: Lsn
  /** One past the last byte that is durable: the server may forget everything before it. */
  readonly flushed: Lsn
  /** Microseconds since 2000. */
  readonly time: bigint
  /** Asks the server to answer with a keepalive at once. */
  readonly replyNow?: boolean | undefined
}

/** The bytes of a standby status update. "Applied" is left at 0: a receiver applies nothing. */
export function encodeStandbyStatus({ written, flushed, time, replyNow = false }: StandbyStatus): Uint8Array {
  const bytes = new Uint8Array(34)
  const view = new DataView(bytes.buffer)
  bytes[0] = 0x72
  view.setBigUint64(1, written)
  view.setBigUint64(9, flushed)
  view.setBigInt64(25, time)
  bytes[33] = replyNow ? 1 : 0
  return bytes
}

function unknownMessage(where: string, chunk: Uint8Array) {
  const type = chunk.length === 0 ? 'an empty message' : `type ${chunk[0]} with ${chunk.length} bytes`
  return postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: `${type} in a ${where}` })
}
