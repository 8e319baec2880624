/** Services that speak the S3 protocol. */
export type S3Profile = 'aws' | 'r2' | 'b2' | 'minio' | 'ceph'

/** How a service differs from Amazon's. */
export interface S3ProfileTraits {
  /** Whether the SDK adds checksums of its own; a service that does not know them may store their framing as content. */
  readonly checksums: boolean
  /** Whether `If-None-Match` and `If-Match` on a put are honoured. A service that ignores them would overwrite. */
  readonly conditionalPut: boolean
  /** Whether buckets are named in the path instead of the host. */
  readonly pathStyle: boolean
}

/**
 * Only `aws` was run, against the simulator; the others follow the services' own documentation and are experimental.
 * Without checksums a put carries `Content-MD5`, which every service checks.
 */
export const s3Profiles: Readonly<Record<S3Profile, S3ProfileTraits>> = {
  aws: { checksums: true, conditionalPut: true, pathStyle: false },
  r2: { checksums: false, conditionalPut: true, pathStyle: true },
  b2: { checksums: false, conditionalPut: false, pathStyle: true },
  minio: { checksums: true, conditionalPut: true, pathStyle: true },
  ceph: { checksums: false, conditionalPut: true, pathStyle: true },
}
