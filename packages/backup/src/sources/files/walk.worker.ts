import { systemRandom } from '@exprsn/core'
import { systemDisk } from '@exprsn/core/disk'
import { loadPosixCalls } from '@exprsn/core/drivers/posix'
import { serveTasks, withTransfer } from '@exprsn/core/workers'
import type { MessagePort } from 'node:worker_threads'
import { ownMemory } from '../../seal/index.ts'
import { askOver } from './ask-over.ts'
import { loadOwnerNames } from './owner-names.ts'
import { pathFilter } from './path-filter.ts'
import { SharedIdSet } from './shared-id-set.ts'
import { emptyCache } from './stat-cache.ts'
import type { WalkOrder } from './walk-calls.ts'
import { walkFiles, type WalkSession } from './walk-files.ts'

/** The tasks of the worker, for the pool. */
export type WalkTasks = typeof tasks

/** Progress is told in steps of this many bytes. */
const step = 1_024 * 1_024

/** Walks files in a thread of its own; the repository stays where it is, and is asked over a port. */
export const tasks = serveTasks({
  async walk({ order, port }: { readonly order: WalkOrder; readonly port: MessagePort }, { signal }) {
    const { chunker, exclude, paths, startedAt, threads, variant, withPosix } = order
    const ask = askOver(port)
    const session = ask('session', undefined).then(({ parentTree, settings }): WalkSession => ({
      parentTree,
      settings,
      known: async () => new SharedIdSet(await ask('known', undefined)),
      saveTree: (content) => ask('saveTree', content, ownMemory(content)),
      savePack: (pack) => ask('savePack', pack, [pack.bytes.buffer as ArrayBuffer]),
    }))
    let untold = 0
    const onBytes = (bytes: number): void => {
      untold += bytes
      if (untold < step) return
      void ask('bytes', untold)
      untold = 0
    }
    const warn = (error: unknown, message: string): void => void ask('warn', { error, message })
    const [posix, owners] = await Promise.all([withPosix ? loadPosixCalls() : undefined, loadOwnerNames(systemDisk)])
    const cache = emptyCache(startedAt)
    const walk = {
      ...{ disk: systemDisk, random: systemRandom, threads, chunker, paths, owners },
      posix: posix && (async () => posix),
      excluded: pathFilter(exclude),
    }
    const { saved, problems } = (await walkFiles(walk, { cache, session, onBytes, warn, signal }))!
    const found = variant === undefined ? undefined : cache.encode(saved.tree, variant)
    port.close()
    return withTransfer(
      { saved, problems: { first: problems.first, count: problems.count }, found },
      found === undefined ? [] : [found.buffer],
    )
  },
})
