import type {
  GetBucketVersioningCommandOutput,
  ListObjectVersionsCommandOutput,
  DeleteMarkerEntry,
  ObjectVersion as VersionEntry,
} from '@aws-sdk/client-s3'
import { storageErrors } from '../../storage/errors.ts'
import { checkKey, compareKeys, keyProblem } from '../../storage/key.ts'
import type { ListOptions, ObjectVersion, ObjectVersions } from '../../storage/object-store.ts'
import { checkRange } from '../../storage/range.ts'
import { getObject } from './get-object.ts'
import { listedKey } from './list-objects.ts'
import { plainTag } from './object-headers.ts'
import { send, type S3Context } from './s3-context.ts'

/** The versions that a bucket keeps (Amazon S3 User Guide, "Retaining multiple versions of objects with S3 Versioning"). */
export function objectVersions(context: () => Promise<S3Context>): ObjectVersions {
  return {
    async areKept({ signal } = {}) {
      signal?.throwIfAborted()
      return areKept(await context(), signal)
    },
    async *list(options = {}) {
      options.signal?.throwIfAborted()
      yield* listVersions(await context(), options)
    },
    async get(key, versionId, options = {}) {
      options.signal?.throwIfAborted()
      checkRange(checkKey(key), options.range)
      if (versionId === '') throw storageErrors.CORE_STORAGE_NOT_FOUND({ key, versionId })
      return getObject(await context(), key, options, versionId)
    },
  }
}

async function areKept(context: S3Context, signal: AbortSignal | undefined): Promise<boolean> {
  const { sdk, bucket } = context
  const command = new sdk.GetBucketVersioningCommand({ Bucket: bucket })
  const step = { operation: 'ask for the versioning of', key: bucket, signal }
  return (await send<GetBucketVersioningCommandOutput>(context, command, step)).Status === 'Enabled'
}

async function* listVersions(
  context: S3Context,
  { prefix = '', after = '', signal }: ListOptions,
): AsyncGenerator<ObjectVersion, void, void> {
  const { sdk, bucket } = context
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined =
    after === '' ? {} : { KeyMarker: context.prefix + after }
  while (marker !== undefined) {
    const Prefix = context.prefix + prefix
    const command = new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix, ...marker, EncodingType: 'url' })
    const step = { operation: 'list the versions of', key: prefix, signal }
    const page = await send<ListObjectVersionsCommandOutput>(context, command, step)
    for (const version of versionsOf(page, context.prefix.length))
      if (keyProblem(version.key) === undefined && compareKeys(version.key, after) > 0) yield version
    marker = nextMarker(page)
  }
}

/**
 * The SDK gives the versions and the marks of deletions of a page apart, each in the order of the service. Of one key the
 * later comes first, and the latest before all: times alone do not tell, where several were made within one second.
 */
function versionsOf(page: ListObjectVersionsCommandOutput, prefixLength: number): ObjectVersion[] {
  const describe = (entry: VersionEntry & DeleteMarkerEntry, isDeleted: boolean): ObjectVersion => ({
    key: listedKey(entry.Key ?? '', page.EncodingType).slice(prefixLength),
    size: entry.Size ?? 0,
    etag: plainTag(entry.ETag),
    modifiedAt: entry.LastModified ?? new Date(0),
    versionId: entry.VersionId ?? 'null',
    isLatest: entry.IsLatest === true,
    isDeleted,
  })
  const versions = (page.Versions ?? []).map((entry) => describe(entry, false))
  const marks = (page.DeleteMarkers ?? []).map((entry) => describe(entry, true))
  return merge(versions, marks)
}

function merge(versions: readonly ObjectVersion[], marks: readonly ObjectVersion[]): ObjectVersion[] {
  const merged: ObjectVersion[] = []
  let next = 0
  for (const version of versions) {
    while (next < marks.length && comesBefore(marks[next]!, version)) merged.push(marks[next++]!)
    merged.push(version)
  }
  return [...merged, ...marks.slice(next)]
}

/** Whether a mark of a deletion stands before a version in the listing. */
function comesBefore(mark: ObjectVersion, version: ObjectVersion): boolean {
  const difference = compareKeys(mark.key, version.key)
  if (difference !== 0) return difference < 0
  if (mark.isLatest || version.isLatest) return mark.isLatest
  return mark.modifiedAt.getTime() >= version.modifiedAt.getTime()
}

/** Where the next page begins, undefined when there is none. */
function nextMarker(
  page: ListObjectVersionsCommandOutput,
): { KeyMarker?: string; VersionIdMarker?: string } | undefined {
  const { IsTruncated, NextKeyMarker, NextVersionIdMarker, EncodingType } = page
  if (IsTruncated !== true || NextKeyMarker === undefined) return undefined
  const KeyMarker = listedKey(NextKeyMarker, EncodingType)
  return NextVersionIdMarker === undefined ? { KeyMarker } : { KeyMarker, VersionIdMarker: NextVersionIdMarker }
}
