import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createClient, type Client } from '@exprsn/core/client'
import { SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCardReader } from '@exprsn/atproto/media'
import { picture } from './sample-images.ts'

const head = `<!doctype html><html><head><title>Plain &amp; simple</title>
<meta name="description" content="About"><meta property="og:title" content="  The
 title "><meta property="og:image" content="/i.png"></head><body><meta property="og:title" content="no">`

describe('createCardReader', () => {
  let server: Server
  let url: string
  let client: Client
  let requests: string[]
  let sent = 0
  beforeEach(async () => {
    requests = []
    const image = await picture()
    server = createServer((request, response) => {
      const path = request.url!
      requests.push(path)
      const html = (text: string | Buffer, type = 'text/html; charset=utf-8'): void =>
        void response.writeHead(200, { 'content-type': type }).end(text)
      if (path === '/page') html(head)
      else if (path === '/latin')
        html(Buffer.from('<title>caf\u00e9</title>', 'latin1'), 'text/html; charset=iso-8859-1')
      else if (path === '/meta')
        html(Buffer.from('<meta charset="windows-1252"><title>caf\u00e9</title>', 'latin1'), 'text/html')
      else if (path === '/bare') html('<p>nothing</p>')
      else if (path === '/hostile')
        html('<meta property="og:image" content="javascript:alert(1)"><meta property="og:title" content="<b>x</b>">')
      else if (path === '/long') html(`<title>${'x'.repeat(1_000)}</title>`)
      else if (path === '/i.png') response.writeHead(200, { 'content-type': 'image/png' }).end(image)
      else if (path === '/pdf') html('%PDF', 'application/pdf')
      else if (path === '/private') response.writeHead(302, { location: 'http://10.0.0.1/' }).end()
      else if (path === '/loop') response.writeHead(302, { location: '/loop' }).end()
      else if (path === '/bomb')
        response
          .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(50_000_000, 32)))
      else if (path === '/endless') {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.write('<head><title>Endless</title>')
        const timer = setInterval(() => {
          sent += 65_536
          response.write(' '.repeat(65_536))
        }, 1)
        response.on('close', () => clearInterval(timer))
      } else if (path === '/silent') response.writeHead(200, { 'content-type': 'text/html' }).write('<head>')
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
  })
  afterEach(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('reads Open Graph before plain HTML, of the head alone', async () => {
    const cards = createCardReader({ client })
    const card = await cards.read(`${url}/page`)
    expect(card).toEqual({ uri: `${url}/page`, title: 'The title', description: 'About', image: `${url}/i.png` })
    expect(Buffer.from(await cards.image(card.image!))).toEqual(await picture())
  })

  it('reads a page once for all who ask within an hour, and again when it failed', async () => {
    const clock = new SimulatedClock()
    const cards = createCardReader({ client, clock, mostKept: 2 })
    await Promise.all([cards.read(`${url}/page`), cards.read(`${url}/page`)])
    await cards.read(`${url}/page`)
    expect(requests.length).toBe(1)
    await clock.advanceBy(3_600_001)
    await cards.read(`${url}/page`)
    expect(requests.length).toBe(2)
    for (let turn = 0; turn < 2; turn++)
      await expect(cards.read(`${url}/gone`)).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_CARD_UNREADABLE' })
    expect(requests.length).toBe(4)
    for (const path of ['/bare', '/long', '/page']) await cards.read(url + path)
    expect(requests.length).toBe(7)
  })

  it('reads the charset of the header, or of the page', async () => {
    const cards = createCardReader({ client })
    expect((await cards.read(`${url}/latin`)).title).toBe('café')
    expect((await cards.read(`${url}/meta`)).title).toBe('café')
  })

  it.for([
    ['/bare', { title: '', description: '', image: undefined }],
    ['/pdf', { title: '', description: '', image: undefined }],
    ['/hostile', { title: '<b>x</b>', image: undefined }],
  ] as const)('%s gives what there is', async ([path, card]) => {
    expect(await createCardReader({ client }).read(url + path)).toMatchObject(card)
  })

  it('an image is its own picture, and a long title is cut', async () => {
    const cards = createCardReader({ client })
    expect((await cards.read(`${url}/i.png`)).image).toBe(`${url}/i.png`)
    expect((await cards.read(`${url}/long`)).title.length).toBe(300)
  })

  it('a page without an end is read as far as its limit', async () => {
    const cards = createCardReader({ client, maxPageBytes: 200_000, timeout: '60s' })
    expect((await cards.read(`${url}/endless`)).title).toBe('Endless')
    expect(sent).toBeLessThan(20_000_000)
    expect((await cards.read(`${url}/bomb`)).title).toBe('')
  })

  it('S1: nothing is asked of private addresses, of other protocols, or for ever', async () => {
    const strict = createClient({ retry: false })
    const cards = createCardReader({ client: strict })
    for (const target of [
      `${url}/page`,
      'http://169.254.169.254/latest',
      'http://[::ffff:10.0.0.1]/',
      'file:///etc/passwd',
      'gopher://x',
      'no url',
    ])
      await expect(cards.read(target)).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_CARD_UNREADABLE' })
    expect(requests).toEqual([])
    await strict.close()
    const loose = createCardReader({ client, timeout: 200 })
    for (const path of ['/private', '/loop', '/silent'])
      await expect(loose.read(url + path)).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_CARD_UNREADABLE' })
    await expect(loose.image(`${url}/gone`)).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_CARD_UNREADABLE' })
    await expect(createCardReader({ client, maxImageBytes: 10 }).image(`${url}/i.png`)).rejects.toThrow('No card')
  })
})
