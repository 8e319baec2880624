import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { missingAfterInstall } from './install-on-first-use.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = join(import.meta.dirname, '..', 's3rver')
const bucket = 'bucket'

/** An S3 server that somebody else wrote, with an empty bucket and the keys that it takes. */
export interface RunningS3rver extends AsyncDisposable {
  readonly endpoint: string
  readonly bucket: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** What is used of the package. */
type S3rver = new (options: {
  readonly port: number
  readonly address: string
  readonly silent: boolean
  readonly directory: string
  readonly configureBuckets: readonly { readonly name: string }[]
}) => { run(): Promise<AddressInfo>; close(): Promise<void> }

/**
 * Starts s3rver, installed where that has not been done; the reason where it cannot be. With CI=true nothing may be skipped:
 * then the reason fails the test.
 */
export async function startS3rver(): Promise<RunningS3rver | { readonly missing: string }> {
  const missing = await missingAfterInstall('s3rver', folder)
  if (missing !== undefined) return { missing }
  const Server = createRequire(join(folder, 'package.json'))('s3rver') as S3rver
  const files = await temporaryFolder()
  const place = { address: '127.0.0.1', directory: files.path, configureBuckets: [{ name: bucket }] }
  const server = new Server({ port: 0, silent: true, ...place })
  const { port } = await server.run()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    async [Symbol.asyncDispose]() {
      await server.close()
      await files.remove()
    },
  }
}
