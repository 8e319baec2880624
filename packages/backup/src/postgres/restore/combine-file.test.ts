import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageSize } from '../../base-backup/pages/page.ts'
import { combinedContent, planCombination, type ChainedFile } from './combine-file.ts'
import type { StoredFile } from './file-pages.ts'
import { headerLength, incrementalPath, wholePath } from './incremental-file.ts'

/** A file in memory that gives at most so many bytes at a time, as chunks do. */
const fileOf = (bytes: Uint8Array, step = 20_000): StoredFile => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + Math.min(length, step - (offset % step))),
})

function incremental(blocks: readonly (readonly [number, number])[], truncationBlocks: number): Uint8Array {
  const start = headerLength(blocks.length)
  const bytes = Buffer.alloc(start + blocks.length * pageSize)
  bytes.writeUInt32LE(0xd3ae1f0d, 0)
  bytes.writeUInt32LE(blocks.length, 4)
  bytes.writeUInt32LE(truncationBlocks, 8)
  for (const [index, [block, content]] of blocks.entries()) {
    bytes.writeUInt32LE(block, 12 + index * 4)
    bytes.fill(content, start + index * pageSize, start + (index + 1) * pageSize)
  }
  return bytes
}

const whole = (pages: readonly number[]): Uint8Array =>
  Buffer.concat(pages.map((content) => Buffer.alloc(pageSize, content)))

async function combine(chain: readonly ChainedFile[]): Promise<Uint8Array> {
  const plan = await planCombination(chain, 'base/5/1')
  const pieces: Uint8Array[] = []
  for await (const piece of combinedContent(chain, plan)) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces)
}

const changes = (bytes: Uint8Array): ChainedFile => ({ file: fileOf(bytes), isIncremental: true })
const full = (bytes: Uint8Array): ChainedFile => ({ file: fileOf(bytes), isIncremental: false })

/** What happens to a relation between two backups. */
const step = fc.record({
  cutTo: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  grow: fc.integer({ min: 0, max: 4 }),
  touch: fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 5 }),
})

describe('a file of an incremental chain', () => {
  it('is what it was, whatever was changed, cut off and added between the backups', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (size, steps) => {
          let content = 1
          let pages = Array.from({ length: size }, () => content++ % 250)
          const chain: ChainedFile[] = [full(whole(pages))]
          for (const { cutTo, grow, touch } of steps) {
            // The server names the shortest length since the backup before, and the blocks that were written since.
            const shortest = Math.min(pages.length, cutTo ?? pages.length)
            pages = pages.slice(0, shortest)
            const written = new Set<number>()
            for (let added = 0; added < grow; added++) written.add(pages.push(content++ % 250) - 1)
            for (const block of touch.filter((each) => each < pages.length)) {
              pages[block] = content++ % 250
              written.add(block)
            }
            const blocks = [...written].sort((a, b) => a - b).map((block) => [block, pages[block]!] as const)
            chain.unshift(changes(incremental(blocks, shortest)))
          }
          expect(Buffer.compare(await combine(chain), whole(pages))).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes blocks that nobody wrote after a cut for zeros', async () => {
    const chain = [changes(incremental([[5, 9]], 2)), full(whole([1, 2, 3, 4, 5, 6]))]
    expect(await combine(chain)).toEqual(whole([1, 2, 0, 0, 0, 9]))
  })

  it.each<[string, Uint8Array, string]>([
    ['too short', Buffer.alloc(8), 'shorter than its header'],
    ['another file', Buffer.alloc(100), 'does not begin as one'],
    ['cut off', incremental([[1, 1]], 2).subarray(0, pageSize + 100), 'for 1 blocks'],
    [
      'in disorder',
      incremental(
        [
          [4, 1],
          [3, 1],
        ],
        9,
      ),
      'not in order',
    ],
    ['too large', Buffer.from('0d1faed3ffffff7f00000000', 'hex'), 'names 2147483647 blocks'],
  ])('is refused when it is %s', async (_, bytes, reason) => {
    await expect(combine([changes(bytes), full(whole([1]))])).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_INCREMENTAL_DAMAGED',
      message: expect.stringContaining(reason),
    })
  })

  it('is refused when no backup holds all of it', async () => {
    await expect(combine([changes(incremental([], 3)), changes(incremental([], 3))])).rejects.toThrow(
      'no earlier backup',
    )
  })

  it('has another name while it holds changes only', () => {
    expect(wholePath('base/5/INCREMENTAL.16384.1')).toBe('base/5/16384.1')
    expect(wholePath('base/5/16384')).toBeUndefined()
    expect(incrementalPath('global/1262')).toBe('global/INCREMENTAL.1262')
    expect(wholePath(incrementalPath('x'))).toBe('x')
  })
})
