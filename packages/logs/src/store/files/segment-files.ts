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

/** Where a store keeps its segments and its manifest. */
export interface SegmentFiles {
  /** Stands in errors. */
  readonly path: string
  /** An empty manifest where there is none. */
  readManifest(): Promise<KnownManifest>
  /** Replaces the manifest, durably. @throws `LOGS_STORE_TWO_WRITERS` when somebody else has done so since it was read */
  writeManifest(manifest: Manifest, tag: string | undefined): Promise<KnownManifest>
  /** Makes a segment durable under a name that is free, and returns its size. */
  write(name: string, pieces: Iterable<Uint8Array>): Promise<number>
  /** Opens a segment. */
  open(name: string): Promise<OpenFile>
  /** Removes a segment; one that is not there is no error. */
  remove(name: string): Promise<void>
  /** Names of all segments that are there, also of those that no manifest names. */
  list(): Promise<string[]>
}
