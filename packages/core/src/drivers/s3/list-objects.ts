import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { compareKeys, keyProblem } from '../../storage/key.ts'
import type { ListOptions, ObjectInfo } from '../../storage/object-store.ts'
import { plainTag } from './object-headers.ts'
import { send, type S3Context } from './s3-context.ts'

/** Lists page by page; keys travel percent-encoded, because XML cannot carry every character that a key may have. */
export async function* listObjects(
  context: S3Context,
  { prefix = '', after = '', signal }: ListOptions,
): AsyncGenerator<ObjectInfo, void, void> {
  const { sdk, bucket } = context
  let token: string | undefined
  do {
    const command = new sdk.ListObjectsV2Command({
      Bucket: bucket,
      Prefix: context.prefix + prefix,
      StartAfter: after === '' ? undefined : context.prefix + after,
      ContinuationToken: token,
      EncodingType: 'url',
    })
    const page = await send<ListObjectsV2CommandOutput>(context, command, { operation: 'list', key: prefix, signal })
    for (const { Key = '', Size = 0, ETag, LastModified } of page.Contents ?? []) {
      const key = listedKey(Key, page.EncodingType).slice(context.prefix.length)
      if (keyProblem(key) !== undefined || compareKeys(key, after) <= 0) continue
      yield { key, size: Size, etag: plainTag(ETag), modifiedAt: LastModified ?? new Date(0) }
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

/** A key of a listing, as it was before it travelled. */
export function listedKey(key: string, encodingType: string | undefined): string {
  return encodingType === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key
}
