import { sign, verify, type KeyObject } from 'node:crypto'
import type { ContentId } from '../repository/index.ts'
import { sha256 } from '../repository/object/sealed-objects.ts'

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
  const body = JSON.stringify({ sequence, previous, time, snapshots })
  const signature = sign(null, Buffer.from(body), key).toString('base64')
  return Buffer.from(JSON.stringify({ body, signature }))
}

/** A stored entry, or undefined when it is none or its signature is wrong. */
export function decodeEntry(bytes: Uint8Array, key: KeyObject): StoredEntry | undefined {
  try {
    const text = Buffer.from(bytes).toString()
    const { body, signature } = JSON.parse(text) as { body: string; signature: string }
    const signed = Buffer.from(signature, 'base64')
    // One spelling only: spaces and the idle bits of base64 would else change the bytes and not the meaning.
    if (JSON.stringify({ body, signature: signed.toString('base64') }) !== text) return undefined
    if (!verify(null, Buffer.from(body), key, signed)) return undefined
    return { entry: JSON.parse(body) as LogEntry, hash: sha256(bytes) }
  } catch {
    return undefined
  }
}
