import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with object stores, whichever driver stands behind them. */
export const storageErrors = defineErrors({
  CORE_STORAGE_NOT_FOUND: {
    message: 'There is no object {key}.',
    help: 'Check the key and the prefix of the store, or use head() where an absent object is expected.',
    status: 404,
  },
  CORE_STORAGE_BUCKET_NOT_FOUND: {
    message: 'There is no bucket {bucket}.',
    help: 'Create the bucket, or check its name, region and endpoint.',
    status: 404,
  },
  CORE_STORAGE_CONFLICT: {
    message: 'The condition on {key} does not hold: the object was made or changed by someone else.',
    help: 'Read the object again and decide anew.',
    status: 409,
  },
  CORE_STORAGE_KEY_INVALID: {
    message: 'The key {key} cannot be used: {reason}.',
    help: 'Use 1 to 1,024 bytes of UTF-8 without control characters, with no part that is empty, "." or "..".',
    status: 400,
  },
  CORE_STORAGE_KEY_OBSTRUCTED: {
    message: 'The key {key} cannot be stored: in a folder, a name is either an object or a folder of objects.',
    help: 'Delete the object whose key is a part of this one (or begins with it), or choose another key.',
    status: 409,
  },
  CORE_STORAGE_METADATA_INVALID: {
    message: 'The metadata field {field} cannot be stored: {reason}.',
    help: 'Names are lower-case letters, digits, "-", "_" and "."; all names and values together fit into 2,048 bytes.',
    status: 400,
  },
  CORE_STORAGE_OPTION_INVALID: {
    message: 'The option {option} cannot be used: {reason}.',
    help: 'Correct the option.',
    status: 400,
  },
  CORE_STORAGE_CONDITION_UNSUPPORTED: {
    message: 'The store cannot put {key} under a condition.',
    help: 'Use a service that implements conditional writes, or coordinate the writers in another way.',
    status: 501,
  },
  CORE_STORAGE_LOCK_UNSUPPORTED: {
    message: 'The store cannot lock {key}.',
    help: 'Use a bucket that was made with object lock, through the S3 driver, or leave the lock out.',
    status: 501,
  },
  CORE_STORAGE_RANGE_INVALID: {
    message: 'The range {start} to {end} does not lie in {key}.',
    help: 'Ask for a start below the size of the object and an end above the start.',
    status: 416,
  },
  CORE_STORAGE_BODY_USED: {
    message: 'The content of {key} was already read.',
    help: 'Keep the bytes, or get the object again.',
  },
  CORE_STORAGE_TRUNCATED: {
    message: 'The content of {key} ended after {received} of {expected} bytes.',
    help: 'Get the object again; if it stays short, the stored object is damaged.',
    retryable: true,
    status: 502,
  },
  CORE_STORAGE_CHECKSUM: {
    message: 'The content of {key} does not have the expected checksum.',
    help: 'Send or get it again; if it stays wrong, the content was damaged where it is stored or made.',
    retryable: true,
    status: 502,
  },
  CORE_STORAGE_TOO_LARGE: {
    message: 'The object {key} is larger than the store accepts.',
    help: 'Split the object, or raise the part size so that 10,000 parts hold it.',
    status: 413,
  },
  CORE_STORAGE_FULL: {
    message: 'The store has no room for {key}.',
    help: 'Free space or raise the quota, then try again.',
    status: 507,
  },
  CORE_STORAGE_DENIED: {
    message: 'The store refused to {operation} {key}.',
    help: 'Check the credentials, the policy of the bucket or the permissions of the folder, and the clock.',
    status: 403,
  },
  CORE_STORAGE_CREDENTIALS_EXPIRED: {
    message: 'The credentials have expired: the store refused to {operation} {key}.',
    help: 'Give the store new ones and begin again; with `credentials` as a function it asks for new ones by itself.',
    status: 401,
  },
  CORE_STORAGE_UNAVAILABLE: {
    message: 'The store could not {operation} {key} just now.',
    help: 'Try again later. After a failed put the object may have been stored all the same.',
    retryable: true,
    status: 503,
  },
  CORE_STORAGE_TIMEOUT: {
    message: 'The store took too long to {operation} {key}.',
    help: 'Try again later. After a failed put the object may have been stored all the same.',
    retryable: true,
    status: 504,
  },
  CORE_STORAGE_FAILED: {
    message: 'The store failed to {operation} {key}.',
    help: 'See the cause and the details for what the store answered.',
  },
  CORE_STORAGE_PEER_MISSING: {
    message: 'The package {peer} is not installed.',
    help: 'Run: npm i @aws-sdk/client-s3',
  },
})
