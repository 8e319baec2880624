import { s3Store } from '@exprsn/core/drivers/s3'
import { storageConformance } from '@exprsn/core/testing'
import { startS3rver, type RunningS3rver } from '@exprsn/real-servers/s3rver'
import { afterAll, describe, expect, it } from 'vitest'

/** What s3rver 3.7.1 does otherwise than Amazon says, by what the port requires. Each has to deviate, or leaves the list. */
const deviations: Readonly<Record<string, string>> = {
  'a range is start included, end excluded, cut at the end': 'it answers bytes=0-0 with the whole object',
  'a range that is empty or outside is refused': 'it answers a range that lies outside with the whole object',
  'a content that does not have the promised SHA-256 is refused and not stored': 'it ignores x-amz-checksum-sha256',
  'ifNoneMatch stores a new object and leaves an existing one alone': 'it ignores If-None-Match of a put',
  'of many that race with ifNoneMatch exactly one wins, and what it wrote stands': 'it ignores If-None-Match of a put',
  'ifMatch replaces the version it names and no other': 'it ignores If-Match of a put',
  'ifMatch on an object that is not there is a conflict': 'it ignores If-Match of a put',
  'of many that race with ifMatch exactly one wins': 'it ignores If-Match of a put',
  'content is locked as asked, or the store says that it has no locks and stores nothing': 'it ignores locks',
  'a listing ascends by the UTF-8 bytes of the keys, folders or not': 'it lists in the order of its folders',
  'a prefix is the beginning of the key, not a folder': 'it lists in the order of its folders',
}

const server = await startS3rver()
const missing = 'missing' in server ? server.missing : undefined
const { endpoint, bucket, credentials } = server as RunningS3rver
afterAll(() => ('missing' in server ? undefined : server[Symbol.asyncDispose]()))

describe.skipIf(missing)(`the S3 driver against s3rver${missing === undefined ? '' : ` (${missing})`}`, () => {
  it.each(storageConformance)('$name', async ({ name, run }) => {
    const prefix = name.replaceAll(/\W+/g, '-')
    await using store = s3Store({ bucket, endpoint, credentials, region: 'us-east-1', prefix })
    if (Object.hasOwn(deviations, name)) await expect(run(store)).rejects.toThrow()
    else await run(store)
  })

  it('deviates in nothing that the port does not require', () => {
    expect(storageConformance.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(deviations)))
  })
})
