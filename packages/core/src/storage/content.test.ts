import { describe, expect, it } from 'vitest'
import { chunksOf, collect, storedObject } from './content.ts'

const info = { key: 'key', size: 3, etag: 'tag', modifiedAt: new Date(0) }

describe('storedObject', () => {
  it('can be read once', async () => {
    const object = storedObject(info, () => chunksOf(Uint8Array.of(1, 2, 3)))
    expect([...(await object.bytes())]).toEqual([1, 2, 3])
    await expect(object.bytes()).rejects.toMatchObject({ code: 'CORE_STORAGE_BODY_USED' })
    expect(() => object.body[Symbol.asyncIterator]()).toThrow(/already read/)
  })

  it('closes what is behind it when it is discarded, once, and not after it was read', async () => {
    let closed = 0
    const close = (): void => void closed++
    const unread = storedObject(info, () => chunksOf(new Uint8Array()), close)
    await unread.discard()
    await unread.discard()
    expect(closed).toBe(1)
    await expect(unread.bytes()).rejects.toMatchObject({ code: 'CORE_STORAGE_BODY_USED' })
    const read = storedObject(info, () => chunksOf(new Uint8Array()), close)
    await read.bytes()
    await read.discard()
    expect(closed).toBe(1)
  })
})

describe('chunksOf', () => {
  it('refuses chunks that are no bytes', async () => {
    const body = (async function* () {
      yield 'text' as unknown as Uint8Array
    })()
    await expect(collect(chunksOf(body))).rejects.toMatchObject({ code: 'CORE_STORAGE_OPTION_INVALID' })
  })

  it('leaves out empty chunks', async () => {
    const body = (async function* () {
      yield new Uint8Array()
      yield Uint8Array.of(7)
    })()
    const chunks: Uint8Array[] = []
    for await (const chunk of chunksOf(body)) chunks.push(chunk)
    expect(chunks).toEqual([Uint8Array.of(7)])
  })
})
