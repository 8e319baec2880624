import type { Clock } from '../../clock/clock.ts'
import { s3Failure } from './s3-failure.ts'
import type { S3ClientLike } from './s3-client.ts'
import type { S3ProfileTraits } from './s3-profile.ts'

/** The SDK's module. Types only: it is loaded when the first call is made. */
export type S3Sdk = typeof import('@aws-sdk/client-s3')

/** What the operations of an S3 store share. */
export interface S3Context {
  readonly sdk: S3Sdk
  readonly client: S3ClientLike
  readonly bucket: string
  /** Stands before every key; empty, or ends with `/`. */
  readonly prefix: string
  readonly partSize: number
  readonly concurrency: number
  readonly traits: S3ProfileTraits
  readonly clock: Clock
  readonly createId: () => string
  readonly lockMode: 'COMPLIANCE' | 'GOVERNANCE'
}

/** Sends a command; failures are those of the SDK. */
export async function sendRaw<Output>(
  { client }: S3Context,
  command: { readonly resolveMiddleware: unknown },
  signal: AbortSignal | undefined,
): Promise<Output> {
  // The structural client cannot say which command gives which output: the caller names it.
  return (await client.send(command, signal === undefined ? {} : { abortSignal: signal })) as Output
}

/** Sends a command; failures are the store's. */
export async function send<Output>(
  context: S3Context,
  command: { readonly resolveMiddleware: unknown },
  step: { readonly operation: string; readonly key: string; readonly signal?: AbortSignal | undefined },
): Promise<Output> {
  try {
    return await sendRaw<Output>(context, command, step.signal)
  } catch (error) {
    throw s3Failure(error, { ...step, bucket: context.bucket })
  }
}
