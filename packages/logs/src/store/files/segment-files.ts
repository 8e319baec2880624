import type { ExprsnError } from '@exprsn/core'
import type { SegmentSource } from '../segment/segment-source.ts'
import type { Manifest } from './manifest.ts'

/** A segment that is open for reading. */
export interface OpenFile extends SegmentSource {
  close(): Promise<void>
}

/** A manifest and what it takes to replace it. */
export interface KnownManifest {
  readonly manifest: Manifest
  /** Of the object that holds it; undefined where there is none yet. */
  readonly tag: string | undefined
}

/** What was found in the place of a manifest. */
export interface FoundManifest {
  /** Undefined where there is none, or where it is damaged. */
  readonly manifest: Manifest | undefined
  readonly tag: string | undefined
  /** `LOGS_STORE_MANIFEST_DAMAGED`, where it is. */
  readonly damage?: ExprsnError | undefined
}

/** Where a store keeps its segments and its manifest. */
export interface SegmentFiles {
  /** Stands in errors. */
  readonly path: string
  /** Whether they are files in a folder. */
  readonly isFolder: boolean
  /** @throws `LOGS_STORE_MANIFEST_VERSION` and errors of reading */
  readManifest(): Promise<FoundManifest>
  /** After it, the manifest that was read does not go back to an earlier one with a power loss: its writer may have died early. */
  settleManifest(): Promise<void>
  /** Replaces the manifest, durably. @throws `LOGS_STORE_TWO_WRITERS` when somebody else has done so since it was read */
  writeManifest(manifest: Manifest, tag: string | undefined): Promise<KnownManifest>
  /** Makes a segment durable under a name that is free, and returns its size. */
  write(name: string, pieces: AsyncIterable<Uint8Array>): Promise<number>
  /** Opens a segment. */
  open(name: string): Promise<OpenFile>
  /** Removes a segment; one that is not there is no error. */
  remove(name: string): Promise<void>
  /** After it, what was removed does not come back with a power loss, and what is there does not go. */
  settleNames(): Promise<void>
  /** Keeps a file that cannot be read, under a name that `list` does not know. */
  setAside(name: string): Promise<void>
  /** Names of all segments that are there, also of those that no manifest names, and of what was not finished. */
  list(): Promise<string[]>
}
