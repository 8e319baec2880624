import type { KeyObject } from 'node:crypto'
import type { ContentId } from '../repository/index.ts'
import { sha256 } from '../repository/object/load-verified.ts'
import { decodeSignedJson, encodeSignedJson } from './signed-json.ts'

/** One line of the log: which snapshots there were at a moment. */
export interface LogEntry {
  /** Counted from 1. */
  readonly sequence: number
  /** SHA-256 of the entry before this one; 64 zeros for the first. */
  readonly previous: string
  /** RFC 3339. */
  readonly time: string
  /** Ids of all snapshots, ascending. */
  readonly snapshots: readonly ContentId[]
}

/** An entry as it is stored, and its hash. */
export interface StoredEntry {
  readonly entry: LogEntry
  readonly hash: string
}

/** The JSON of an entry with its Ed25519 signature over everything before it. */
export function encodeEntry({ sequence, previous, time, snapshots }: LogEntry, key: KeyObject): Uint8Array {
  return encodeSignedJson('snapshot-log', { sequence, previous, time, snapshots }, key)
}

/** A stored entry, or undefined when it is none or its signature is wrong. */
export function decodeEntry(bytes: Uint8Array, key: KeyObject): StoredEntry | undefined {
  const entry = decodeSignedJson('snapshot-log', bytes, key)
  return entry === undefined ? undefined : { entry: entry as LogEntry, hash: sha256(bytes) }
}
