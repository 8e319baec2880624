import { createWorkerPool, workerEntry, type WorkerPool } from '@exprsn/core/workers'
import { pbkdf2Sync } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { defaultScryptCost, type ScryptCost } from './scrypt-cost.ts'
import { scryptPlain } from './scrypt-plain.ts'
import type { ScryptTasks } from './scrypt.worker.ts'

/** Threads that mix. */
export type ScryptPool = WorkerPool<ScryptTasks>

/** Options of {@link scrypt}; threads and entry are for tests. */
export interface ScryptOptions {
  /** Stays the caller's to close. @default one for this call */
  readonly pool?: ScryptPool | undefined
  /** Threads that mix. @default as many as have two lanes each and a processor besides this thread's; 0 where they are not worth starting */
  readonly threads?: number | undefined
  /** Where the worker lies. */
  readonly entry?: URL | undefined
}

/**
 * 64 bytes by scrypt (RFC 7914) in other threads: its p lanes do not know of each other, and each thread mixes some of them in
 * WebAssembly, in two thirds of the processor time that OpenSSL takes. {@link scryptPlain} where that cannot be.
 */
export async function scrypt(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  { pool, threads = threadsFor(cost), entry }: ScryptOptions = {},
): Promise<Uint8Array> {
  if (threads === 0) return scryptPlain(password, salt, cost)
  const lanes = pbkdf2Sync(password, salt, 1, 128 * cost.r * cost.p, 'sha256')
  const used = pool ?? createPool(threads, entry)
  const mixed = await mixInThreads(lanes, cost, threads, used)
  if (pool === undefined) void used.close()
  if (mixed === undefined) return scryptPlain(password, salt, cost)
  const derived = pbkdf2Sync(password, mixed, 1, 64, 'sha256')
  mixed.fill(0)
  return derived
}

/**
 * Starts the threads that a key of this cost needs, while its file is still being read, which takes about as long; undefined where
 * they are not worth it. They are to be closed.
 */
export function startScrypt(cost: ScryptCost = defaultScryptCost): ScryptPool | undefined {
  const threads = threadsFor(cost)
  if (threads === 0) return undefined
  const pool = createPool(availableParallelism() - 1)
  // Where none can start, the derivation finds out, and does without.
  for (let thread = 0; thread < threads; thread++) pool.run('start', undefined).catch(() => {})
  return pool
}

function createPool(threads: number, entry = workerEntry(import.meta.url, './scrypt.worker.ts')): ScryptPool {
  return createWorkerPool<ScryptTasks>({ entry, threads })
}

/** Half of what is usual is derived in the time that a thread takes to start. */
const leastWork = 2 ** 19
/** Bytes of a lane's table: two tables at a time of more than this are too many. */
const mostTable = 2 ** 26
/** Bytes of all lanes: what this thread makes of the password before and after. */
const mostLanes = 2 ** 18

function threadsFor({ N, r, p }: ScryptCost): number {
  if (N * r * p < leastWork || 128 * N * r > mostTable || 128 * r * p > mostLanes) return 0
  return Math.min(Math.floor(p / 2), availableParallelism() - 1)
}

/** Mixes lanes, which are wiped; undefined where threads or their WebAssembly cannot run. */
async function mixInThreads(
  lanes: Uint8Array,
  cost: ScryptCost,
  threads: number,
  pool: ScryptPool,
): Promise<Uint8Array | undefined> {
  const share = Math.ceil(cost.p / threads) * 128 * cost.r
  const jobs = Array.from({ length: Math.ceil(lanes.length / share) }, (_, index) => {
    const { buffer } = Uint8Array.from(lanes.subarray(index * share, (index + 1) * share))
    return pool.run('roMix', { lanes: new Uint32Array(buffer), cost }, { transfer: [buffer] })
  })
  lanes.fill(0)
  try {
    return joined(await Promise.all(jobs))
  } catch {
    // Whatever keeps threads from it, OpenSSL does without them.
    return undefined
  }
}

/** The parts, which are wiped, in one; undefined where one could not be mixed. */
function joined(parts: readonly (Uint32Array | undefined)[]): Uint8Array | undefined {
  const mixed = parts.filter((part) => part !== undefined)
  const whole = Buffer.concat(mixed.map(({ buffer, byteLength }) => new Uint8Array(buffer, 0, byteLength)))
  for (const part of mixed) part.fill(0)
  return mixed.length === parts.length ? whole : undefined
}
