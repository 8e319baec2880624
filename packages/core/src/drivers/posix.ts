/**
 * What Node.js lacks of the file system – extended attributes, times to the nanosecond, FIFOs and device nodes – through
 * the optional peer `koffi`.
 *
 * @packageDocumentation
 */
import type { KoffiLike } from './posix/koffi-like.ts'
import { linuxCalls } from './posix/linux-calls.ts'
import type { PosixCalls } from './posix/posix-calls.ts'

export type { KoffiLike } from './posix/koffi-like.ts'
export type { ExtendedAttribute, PosixCalls, SpecialNode } from './posix/posix-calls.ts'

/** Options of {@link loadPosixCalls}. */
export interface LoadPosixCallsOptions {
  /** The host's own copy of the package. @default loaded on first use */
  readonly koffi?: KoffiLike | undefined
}

/**
 * The calls, or undefined where they cannot be had: without `koffi` (`npm i koffi`), or on another system than Linux.
 * Whoever asks then does without, and says what was left out.
 *
 * @example
 * ```ts
 * import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 * import { loadPosixCalls } from '@exprsn/core/drivers/posix'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * const posix = await loadPosixCalls()
 * posix?.setTimes(folder, { accessedAt: 1n, modifiedAt: -1_000_000_001n })
 * console.log((await systemDisk.stat(folder)).modifiedAt) // -1000000001n, where koffi is installed
 * await removeTree(systemDisk, folder)
 * ```
 */
export async function loadPosixCalls({ koffi }: LoadPosixCallsOptions = {}): Promise<PosixCalls | undefined> {
  if (process.platform !== 'linux') return undefined
  try {
    if (koffi !== undefined) return linuxCalls(koffi)
    // In this very block: bundlers then accept that the peer is not there.
    const loaded = (await import('koffi')) as unknown as KoffiLike & { readonly default?: KoffiLike }
    return linuxCalls(loaded.default ?? loaded)
  } catch {
    return undefined
  }
}
