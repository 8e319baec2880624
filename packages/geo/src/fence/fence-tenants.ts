import { silentLogger, type Logger } from '@exprsn/core'
import { fenceErrors } from './errors.ts'
import type { Fences } from './create-fences.ts'

/** Options of {@link createFenceTenants}. */
export interface FenceTenantsOptions {
  /** Makes the fences of a tenant, with their objects where there is a snapshot of them. */
  readonly open: (tenant: string) => Promise<Fences> | Fences
  /** So many tenants are held; beyond that the one unused for longest is put away. @default 1_000 */
  readonly most?: number | undefined
  /** Keeps what a tenant that is put away knows: its snapshot. Until it has resolved the tenant is not opened again. */
  readonly onPutAway?: ((tenant: string, fences: Fences) => Promise<void> | void) | undefined
  /** Hears when a tenant stays because it could not be kept. @default silentLogger */
  readonly logger?: Logger | undefined
}

/** A set of fences for each tenant. */
export interface FenceTenants {
  /** Tenants that are held. */
  readonly size: number
  /** Works with the fences of a tenant, opened when they are not there; they are not put away meanwhile. */
  use<Result>(tenant: string, work: (fences: Fences) => Promise<Result> | Result): Promise<Result>
  /** Puts a tenant away once nobody works with it, so that the next use opens it anew. */
  putAway(tenant: string): Promise<void>
  /** Puts all away. */
  close(): Promise<void>
}

interface Held {
  readonly opening: Promise<Fences>
  users: number
  leaving: Promise<void> | undefined
  whenUnused: (() => void) | undefined
}

/**
 * Keeps the fences of each tenant apart, and only those in memory that are in use.
 *
 * @example
 * ```ts
 * import { createFences, createFenceTenants } from '@exprsn/geo/fence'
 *
 * const tenants = createFenceTenants({ open: () => createFences() })
 * const found = await tenants.use('north', (fences) => fences.locate([9.5, 47.1]))
 * console.log(found, tenants.size) // [] 1
 * await tenants.close()
 * ```
 */
export function createFenceTenants(options: FenceTenantsOptions): FenceTenants {
  const { open, most = 1_000, onPutAway, logger = silentLogger } = options
  if (!Number.isInteger(most) || most < 1)
    throw fenceErrors.GEO_FENCE_OPTION_INVALID({ option: 'most', reason: `${most} is no whole number from 1` })
  // In the order of their last use, the oldest first.
  const held = new Map<string, Held>()

  const enter = async (tenant: string): Promise<Held> => {
    for (let known = held.get(tenant); known?.leaving !== undefined; known = held.get(tenant)) await known.leaving
    let entry = held.get(tenant)
    if (entry === undefined) {
      entry = { opening: Promise.resolve(tenant).then(open), users: 0, leaving: undefined, whenUnused: undefined }
      entry.opening.catch(() => held.delete(tenant))
    }
    held.delete(tenant)
    held.set(tenant, entry)
    entry.users++
    return entry
  }
  const leave = (entry: Held): void => {
    if (--entry.users === 0) entry.whenUnused?.()
  }
  const putAway = async (tenant: string): Promise<void> => {
    const entry = held.get(tenant)
    if (entry === undefined) return
    entry.leaving ??= (async () => {
      if (entry.users > 0) await new Promise<void>((resolve) => (entry.whenUnused = resolve))
      try {
        await onPutAway?.(tenant, await entry.opening)
        held.delete(tenant)
      } finally {
        // When it could not be kept it stays: what it knows must not be lost.
        entry.leaving = undefined
      }
    })()
    return entry.leaving
  }
  const makeRoom = async (): Promise<void> => {
    if (held.size <= most) return
    const unused = [...held].find(([, { users, leaving }]) => users === 0 && leaving === undefined)
    if (unused === undefined) return
    // Whoever used another tenant has nothing to do with it.
    await putAway(unused[0]).catch((error: unknown) => {
      logger.warn({ err: error, tenant: unused[0] }, 'The fences of a tenant could not be put away.')
    })
  }

  return {
    get size() {
      return held.size
    },
    async use(tenant, work) {
      const entry = await enter(tenant)
      try {
        return await work(await entry.opening)
      } finally {
        leave(entry)
        await makeRoom()
      }
    },
    putAway,
    async close() {
      await Promise.all([...held.keys()].map(putAway))
    },
  }
}
