import type { Bucket } from './bucket.ts'
import type { S3Request } from './s3-request.ts'

/** Sizes that the simulated service enforces, bytes. */
export interface S3Limits {
  /** Largest body of one put or part. @default 5 GiB */
  readonly object: number
  /** Smallest part but the last. @default 5 MiB */
  readonly part: number
  /** User metadata of an object, names and values. @default 2,048 */
  readonly metadata: number
  /** Rows of a page of a listing at most, whatever a request asks for. @default 1,000 */
  readonly page: number
}

/** What an operation works with: its bucket, the decoded request, and the simulation's time and ids. */
export interface OperationContext {
  readonly bucket: Bucket
  readonly buckets: ReadonlyMap<string, Bucket>
  readonly request: S3Request
  readonly key: string
  /** Headers, with the trailers of the body among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly content: Uint8Array
  readonly limits: S3Limits
  /** Milliseconds since 1970. */
  readonly now: number
  readonly createId: () => string
}
