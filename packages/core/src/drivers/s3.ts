/**
 * An object store on Amazon S3 and the services that speak its protocol. Needs the package `@aws-sdk/client-s3`.
 *
 * @packageDocumentation
 */
export type { S3ClientLike, S3StoreCredentials } from './s3/s3-client.ts'
export type { S3Profile } from './s3/s3-profile.ts'
export { s3Store, type S3Store, type S3StoreOptions } from './s3/s3-store.ts'
