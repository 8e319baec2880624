/**
 * Jobs in Redis, through the optional peer `bullmq`.
 *
 * @packageDocumentation
 */
import { systemClock } from '../clock/system-clock.ts'
import { jobsOver, type JobsOptions } from '../jobs/jobs-over.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { bullBackend } from './bullmq/bull-backend.ts'
import type { BullModule } from './bullmq/bull-client.ts'

export type { BullData, BullJob, BullModule, BullQueue, BullWorker } from './bullmq/bull-client.ts'

/** Options of {@link bullmqJobs}. */
export interface BullmqJobsOptions<Payloads> extends JobsOptions<Payloads> {
  /** What BullMQ takes as `connection`: settings such as `{ host, port }`, or the host's own ioredis client. */
  readonly connection: object
  /** @default 'jobs' */
  readonly queue?: string | undefined
  /** Put before the names of all keys. @default 'exprsn' */
  readonly prefix?: string | undefined
  /** The host's own copy of the package. @default loaded on first use */
  readonly bullmq?: BullModule | undefined
}

/**
 * The same jobs as `createJobs`, for hosts that run Redis for them. What Redis cannot do is refused with
 * `CORE_JOBS_UNSUPPORTED`, and `capabilities` says so beforehand: enqueueing in a transaction, `completeWith`, ordering keys,
 * `uniqueFor`, and cancelling a job that runs in another process. A job whose name has no handler here is set aside for a
 * second at a time. Jobs survive a crash of Redis only as far as its append-only file does.
 *
 * @throws `CORE_JOBS_DRIVER_MISSING` on first use when `bullmq` is not installed
 * @example
 * ```ts no-run
 * import { bullmqJobs } from '@exprsn/core/drivers/bullmq'
 *
 * await using jobs = bullmqJobs({
 *   connection: { host: 'localhost', port: 6379 },
 *   handlers: { 'invoice.send': async (job) => console.log('sending', job.payload) },
 * })
 * await jobs.enqueue('invoice.send', { orderId: 'A-1001' }, { key: 'A-1001' })
 * jobs.start()
 * ```
 */
export function bullmqJobs<Payloads>(options: BullmqJobsOptions<Payloads>): Jobs<Payloads> {
  const { connection, queue = 'jobs', prefix = 'exprsn', bullmq, clock = systemClock } = options
  return jobsOver(bullBackend({ connection, queue, prefix, clock, bullmq }), options)
}
