import type { Lsn } from '../replication/lsn.ts'

/** The log is written in pages of this many bytes (`wal_block_size`, fixed when PostgreSQL is compiled). */
export const walPage = 8_192

/** The header of a WAL page. Layout: PostgreSQL's `access/xlog_internal.h`, on a little-endian server. */
export interface WalPageHeader {
  readonly timeline: number
  /** Position of the page's first byte. */
  readonly address: Lsn
  /** Bytes at the beginning that still belong to a record from an earlier page; 0 when none do. */
  readonly continuation: number
  /** The record that was to be continued here was given up: a new one begins. */
  readonly overwrites: boolean
  /** Bytes of the header, padding included. */
  readonly length: number
  /** Only on the first page of a segment. */
  readonly long?: { readonly systemIdentifier: bigint; readonly segmentSize: number } | undefined
}

const flag = { continuation: 1, long: 2, overwrites: 8 } as const
const shortHeader = 24
export const longHeader = 40

/** Reads a page header; undefined when the bytes are none. */
export function parsePageHeader(page: Uint8Array): WalPageHeader | undefined {
  if (page.length < shortHeader) return undefined
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
  const info = view.getUint16(2, true)
  // The low byte changes with the version (0xD110 is 15, 0xD118 is 18), the high byte never has.
  if (view.getUint16(0, true) >> 8 !== 0xd1 || info > 0xf) return undefined
  const long = (info & flag.long) !== 0
  if (long && page.length < longHeader) return undefined
  return {
    timeline: view.getUint32(4, true),
    address: view.getBigUint64(8, true),
    continuation: info & flag.continuation ? view.getUint32(16, true) : 0,
    overwrites: (info & flag.overwrites) !== 0,
    length: long ? longHeader : shortHeader,
    long: long ? { systemIdentifier: view.getBigUint64(24, true), segmentSize: view.getUint32(32, true) } : undefined,
  }
}
