import { recordHeader, type WalRecord } from './record-decoder.ts'

/** A commit or abort: where recovery may stop. */
export interface TransactionEnd {
  readonly kind: 'commit' | 'abort'
  readonly transactionId: number
  /** Microseconds since 2000: what `recovery_target_time` is compared with. */
  readonly time: bigint
}

const transactionManager = 1
const operation = { commit: 0x00, abort: 0x20, commitPrepared: 0x30, abortPrepared: 0x40 } as const
const restorePointInfo = 0x70

/** Reads a commit or abort; undefined for every other record. */
export function transactionEnd(record: WalRecord): TransactionEnd | undefined {
  if (record.resourceManager !== transactionManager) return undefined
  const kind = kindOf(record.info & 0x70)
  const data = kind === undefined ? undefined : mainData(record.bytes)
  if (kind === undefined || data === undefined || data.length < 8) return undefined
  const time = new DataView(data.buffer, data.byteOffset).getBigInt64(0, true)
  return { kind, transactionId: record.transactionId, time }
}

function kindOf(info: number): TransactionEnd['kind'] | undefined {
  if (info === operation.commit || info === operation.commitPrepared) return 'commit'
  if (info === operation.abort || info === operation.abortPrepared) return 'abort'
  return undefined
}

/** The name given to `pg_create_restore_point`; undefined for every other record. */
export function restorePointName(record: WalRecord): string | undefined {
  if (record.resourceManager !== 0 || (record.info & 0xf0) !== restorePointInfo) return undefined
  const data = mainData(record.bytes)
  if (data === undefined || data.length <= 8) return undefined
  const name = data.subarray(8)
  const end = name.indexOf(0)
  return new TextDecoder().decode(end === -1 ? name : name.subarray(0, end))
}

const block = { short: 255, long: 254, origin: 253, topTransaction: 252 } as const

/** The record's own data. Records that end transactions or name points refer to no pages, so none are skipped here. */
function mainData(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = recordHeader
  while (offset < bytes.length) {
    const id = bytes[offset]
    if (id === block.origin) offset += 3
    else if (id === block.topTransaction) offset += 5
    else if (id === block.short && offset + 2 <= bytes.length) return exactly(bytes, offset + 2, bytes[offset + 1]!)
    else if (id === block.long && offset + 5 <= bytes.length)
      return exactly(bytes, offset + 5, view.getUint32(offset + 1, true))
    else return undefined
  }
  return undefined
}

function exactly(bytes: Uint8Array, from: number, length: number): Uint8Array | undefined {
  return from + length <= bytes.length ? bytes.subarray(from, from + length) : undefined
}
