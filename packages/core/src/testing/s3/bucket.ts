import type { Checksum, ChecksumAlgorithm } from './checksum.ts'
import { compareKeys } from '../../storage/key.ts'

/** How long a version may not be deleted (Amazon S3 User Guide, "Locking objects with Object Lock"). */
export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE'
  /** Milliseconds since 1970. */
  readonly until: number
}

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string
  /** `null` where versioning was off. */
  readonly versionId: string
  readonly deleteMarker: boolean
  readonly content: Uint8Array
  /** In quotes, as it travels. */
  readonly etag: string
  readonly modifiedAt: number
  /** Headers that are given back: content-type, x-amz-meta-… */
  readonly headers: Readonly<Record<string, string>>
  readonly checksum?: Checksum | undefined
  readonly composite?: boolean | undefined
  readonly retention?: Retention | undefined
  readonly legalHold?: boolean | undefined
}

/** One part of an upload. */
export interface UploadPart {
  readonly number: number
  readonly content: Uint8Array
  readonly etag: string
  readonly modifiedAt: number
  readonly checksum?: Checksum | undefined
}

/** A multipart upload under way. */
export interface Upload {
  readonly id: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly algorithm: ChecksumAlgorithm | undefined
  readonly wholeObject: boolean
  readonly retention: Retention | undefined
  readonly legalHold: boolean
  readonly parts: Map<number, UploadPart>
}

/** Settings of a bucket that the simulator makes. */
export interface BucketOptions {
  /** As clients name it in their requests. */
  readonly name: string
  /** @default false */
  readonly versioning?: boolean | undefined
  /** Lets versions be retained; turns versioning on. @default false */
  readonly objectLock?: boolean | undefined
}

/** A bucket's contents. Versions of a key are oldest first. */
export class Bucket {
  readonly name: string
  readonly objectLock: boolean
  readonly uploads = new Map<string, Upload>()
  versioning: 'off' | 'Enabled' | 'Suspended'
  readonly #versions = new Map<string, ObjectVersion[]>()

  constructor({ name, versioning = false, objectLock = false }: BucketOptions) {
    this.name = name
    this.objectLock = objectLock
    this.versioning = versioning || objectLock ? 'Enabled' : 'off'
  }

  /** The present object, undefined when there is none or a delete marker hides it. */
  current(key: string): ObjectVersion | undefined {
    const latest = this.#versions.get(key)?.at(-1)
    return latest?.deleteMarker === false ? latest : undefined
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.#versions.get(key)?.find((version) => version.versionId === versionId)
  }

  /** Adds a version; without versioning, or while it is suspended, it takes the place of the version `null`. */
  add(version: ObjectVersion): void {
    const versions = this.#versions.get(version.key) ?? []
    const kept = version.versionId === 'null' ? versions.filter(({ versionId }) => versionId !== 'null') : versions
    this.#versions.set(version.key, [...kept, version])
  }

  /** Puts another state of a version in its place. */
  replace(version: ObjectVersion): void {
    const versions = this.#versions.get(version.key) ?? []
    this.#versions.set(
      version.key,
      versions.map((each) => (each.versionId === version.versionId ? version : each)),
    )
  }

  /** Removes a version for good. */
  remove(key: string, versionId: string): void {
    const kept = (this.#versions.get(key) ?? []).filter((version) => version.versionId !== versionId)
    if (kept.length === 0) this.#versions.delete(key)
    else this.#versions.set(key, kept)
  }

  /** Keys with at least one version, ascending by UTF-8 bytes. */
  keys(): string[] {
    return [...this.#versions.keys()].sort(compareKeys)
  }

  /** The versions of a key, newest first. */
  versions(key: string): ObjectVersion[] {
    return [...(this.#versions.get(key) ?? [])].reverse()
  }
}
