import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { migrate } from '../database/migrate.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import { resilienceErrors } from '../resilience/errors.ts'
import { settle } from '../testing/clock/settle.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import type { Channel, ChannelRoute } from './channel.ts'
import { createNotify, type Notify, type NotifyOptions } from './create-notify.ts'
import { notifyErrors } from './errors.ts'
import type { Message, Notification } from './notification.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A channel that keeps what it is given, and fails as often as it is told. */
function recorder() {
  const messages: Message[] = []
  const failures: unknown[] = []
  const channel: Channel = {
    kind: 'recorder',
    async send(message) {
      if (failures.length > 0) throw failures.shift()
      messages.push(message)
      return { response: 'ok' }
    },
  }
  return { channel, messages, failures, titles: () => messages.map(({ title }) => title) }
}

function opened(options: Partial<NotifyOptions> & { route?: Partial<ChannelRoute> } = {}) {
  const clock = new SimulatedClock({ now: Date.parse('2026-03-02T12:00:00Z') })
  const ops = recorder()
  const { route, ...rest } = options
  const channels = { ops: { channel: ops.channel, ...route } }
  const notify = createNotify({ channels, clock, random: new SeededRandom(1), ...rest })
  open.push(() => settle(clock, notify.close({ deadline: 0 })))
  const flush = () => settle(clock, notify.flush())
  return { clock, notify, flush, ...ops }
}

const disk = (name: string, more: Partial<Notification> = {}): Notification => ({
  title: `Disk ${name} is full`,
  severity: 'warning',
  key: `disk:${name}`,
  group: 'Disks',
  ...more,
})

describe('createNotify', () => {
  it('sends one notification as it is, complete', async () => {
    const { notify, flush, messages } = opened()
    const receipt = await notify.send({
      title: ' Backup\n failed ',
      labels: { host: 'db-1' },
      link: 'https://x.test/1',
    })
    expect(receipt).toMatchObject({ duplicate: false, channels: [{ channel: 'ops', quiet: false }] })
    expect(await flush()).toEqual({ messages: 1, delivered: 1, retried: 0, failed: 0 })
    expect(messages).toMatchObject([
      {
        title: 'Backup failed',
        severity: 'info',
        status: 'firing',
        group: ' Backup\n failed ',
        notifications: [{ id: receipt.id, text: '', labels: { host: 'db-1' }, time: '2026-03-02T12:00:00.000Z' }],
      },
    ])
    expect(await notify.report(receipt.id)).toEqual([
      { channel: 'ops', state: 'delivered', attempts: 1, due: undefined, error: undefined },
    ])
  })

  it('puts together what comes within the wait, and keeps groups apart by the interval', async () => {
    const { notify, clock, messages, titles } = opened({ groupWait: '10s', groupInterval: '5m' })
    notify.start()
    await notify.send(disk('a'))
    await clock.advanceBy('9s')
    await notify.send(disk('b', { severity: 'critical' }))
    expect(titles()).toEqual([])
    await clock.advanceBy('6s')
    expect(titles()).toEqual(['Disks (2 firing)'])
    expect(messages[0]).toMatchObject({ severity: 'critical', status: 'firing' })
    const later = await notify.send(disk('c'))
    expect(later.channels[0]!.due.getTime() - clock.now()).toBeGreaterThan(280_000)
    await notify.send({ title: 'Another thing' })
    await clock.advanceBy('20s')
    expect(titles()).toEqual(['Disks (2 firing)', 'Another thing'])
    await clock.advanceBy('5m')
    expect(titles()).toEqual(['Disks (2 firing)', 'Another thing', 'Disk c is full'])
  })

  it('tells a key once until it is resolved or the time for repeating has come', async () => {
    const { notify, flush, clock, messages } = opened({ repeat: '1h' })
    const duplicates: boolean[] = []
    const tell = async (more: Partial<Notification> = {}) => {
      duplicates.push((await notify.send(disk('a', more))).duplicate)
      await flush()
    }
    await tell({ status: 'resolved' })
    await tell()
    await tell({ text: 'again' })
    await clock.advanceBy('59m')
    await tell()
    await clock.advanceBy('1m')
    await tell()
    await tell({ status: 'resolved' })
    await tell({ status: 'resolved' })
    await tell()
    expect(duplicates).toEqual([true, false, true, true, false, false, true, false])
    expect(messages.map(({ status }) => status)).toEqual(['firing', 'firing', 'resolved', 'firing'])
  })

  it('stays silent in quiet hours, sends everything afterwards at once, and wakes nobody but for what is critical', async () => {
    const { notify, clock, titles } = opened({ route: { quietHours: { from: '22:00', to: '07:00' } } })
    await clock.advanceBy('11h')
    const held = await notify.send(disk('a'))
    expect(held.channels).toEqual([{ channel: 'ops', due: new Date('2026-03-03T07:00:00Z'), quiet: true }])
    await notify.send(disk('b'))
    await notify.send({ title: 'Fire', severity: 'critical' })
    await clock.advanceBy('1h')
    await settle(clock, notify.tick())
    expect(await notify.report(held.id)).toMatchObject([{ state: 'waiting', due: new Date('2026-03-03T07:00:00Z') }])
    expect(titles()).toEqual(['Fire'])
    await clock.advanceBy('8h')
    await settle(clock, notify.tick())
    expect(titles()).toEqual(['Fire', 'Disks (2 firing)'])
  })

  it('keeps to a rate, and puts together what exceeds it', async () => {
    const { notify, clock, titles, messages } = opened({
      groupWait: 0,
      groupInterval: 0,
      route: { rateLimit: { limit: 2, per: '1h' } },
    })
    notify.start()
    for (let index = 0; index < 6; index++) {
      await notify.send(disk(String(index)))
      await clock.advanceBy('1m')
    }
    expect(titles()).toEqual(['Disk 0 is full', 'Disk 1 is full'])
    await clock.advanceBy('55m')
    expect(titles().slice(2)).toEqual(['Disks (4 firing)'])
    expect(messages.flatMap(({ notifications }) => notifications)).toHaveLength(6)
  })

  it('tries again what may pass, with the same id, and gives up what will not', async () => {
    const events: string[] = []
    const { notify, clock, messages, failures } = opened({
      attempts: 3,
      onEvent: ({ type, attempt }) => events.push(`${type} ${attempt}`),
    })
    const down = resilienceErrors.CORE_TIMEOUT({ name: 'x', limit: 1 } as never)
    failures.push(down, down)
    notify.start()
    const first = await notify.send({ title: 'one' })
    await clock.advanceBy('5m')
    expect(events).toEqual(['retried 1', 'retried 2', 'delivered 3'])
    expect(messages).toHaveLength(1)
    expect(await notify.report(first.id)).toMatchObject([{ state: 'delivered', attempts: 3 }])
    failures.push(notifyErrors.CORE_NOTIFY_REFUSED({ origin: 'https://x.test', status: 410 }))
    const second = await notify.send({ title: 'two' })
    await clock.advanceBy('5m')
    expect(await notify.report(second.id)).toMatchObject([
      { state: 'failed', attempts: 1, error: { code: 'CORE_NOTIFY_REFUSED' } },
    ])
    expect(await notify.retryFailed()).toBe(1)
    await clock.advanceBy('5m')
    expect(await notify.report(second.id)).toMatchObject([{ state: 'delivered' }])
  })

  it('waits as long as the receiver asks', async () => {
    const { notify, clock, messages, failures } = opened()
    failures.push(notifyErrors.CORE_NOTIFY_UNAVAILABLE({ origin: 'x', reason: 'busy', retryAfterMs: 1_800_000 }))
    notify.start()
    await notify.send({ title: 'one' })
    await clock.advanceBy('29m')
    expect(messages).toHaveLength(0)
    await clock.advanceBy('3m')
    expect(messages).toHaveLength(1)
  })

  it('sends to the channels whose routes take it, or to those that are named', async () => {
    const [all, urgent, billing] = [recorder(), recorder(), recorder()]
    const notify = createNotify({
      channels: {
        all: all.channel,
        urgent: { channel: urgent.channel, minimum: 'critical' },
        billing: { channel: billing.channel, when: ({ labels }) => labels['team'] === 'billing' },
      },
    })
    open.push(() => notify.close({ deadline: 0 }))
    await notify.send({ title: '1' })
    await notify.send({ title: '2', severity: 'critical', labels: { team: 'billing' } })
    await notify.send({ title: '3', channels: ['urgent', 'urgent'] })
    await notify.flush()
    expect([all, urgent, billing].map(({ titles }) => titles())).toEqual([['1', '2'], ['2', '3'], ['2']])
    await expect(notify.send({ title: '4', channels: ['pager'] })).rejects.toMatchObject({
      code: 'CORE_NOTIFY_CHANNEL_UNKNOWN',
    })
  })

  it('one channel that is down does not hold up another', async () => {
    const [bad, good] = [recorder(), recorder()]
    bad.failures.push(new Error('down'))
    const notify = createNotify({ channels: { bad: bad.channel, good: good.channel } })
    open.push(() => notify.close({ deadline: 0 }))
    const { id } = await notify.send({ title: 'x' })
    expect(await notify.flush()).toMatchObject({ messages: 2, delivered: 1, retried: 1 })
    expect((await notify.report(id)).map(({ state }) => state)).toEqual(['sending', 'delivered'])
  })

  it('does what is due with tick() and leaves what waits for its group', async () => {
    const { notify, clock, messages } = opened({ groupWait: '1m' })
    await notify.send({ title: 'x' })
    expect(await settle(clock, notify.tick())).toMatchObject({ messages: 0 })
    await clock.advanceBy('1m')
    expect(await settle(clock, notify.tick())).toMatchObject({ messages: 1, delivered: 1 })
    expect(messages).toHaveLength(1)
  })

  it('loses nothing and repeats no key, whatever is told in whatever order', async () => {
    const told = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      group: fc.constantFrom('g', 'h'),
      status: fc.constantFrom('firing' as const, 'resolved' as const),
      wait: fc.constantFrom(0, 1_000, 70_000),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(told, { maxLength: 20 }), async (list) => {
        const { notify, clock, messages } = opened({ groupWait: '5s', groupInterval: '1m' })
        const expected: string[] = []
        const state = new Map<string, string>()
        for (const { name, group, status, wait } of list) {
          const { id, duplicate } = await notify.send(disk(name, { group, status }))
          const known = state.get(name) ?? 'resolved'
          expect(duplicate).toBe(known === status)
          if (!duplicate) expected.push(id)
          state.set(name, status)
          await clock.advanceBy(wait)
          await settle(clock, notify.tick())
        }
        await clock.advanceBy('10m')
        await settle(clock, notify.tick())
        const seen = messages.flatMap(({ notifications }) => notifications.map(({ id }) => id))
        expect(seen.toSorted()).toEqual(expected.toSorted())
        await settle(clock, notify.close({ deadline: 0 }))
      }),
      { numRuns: 200 },
    )
  })

  it('splits a group that is larger than a message can be', async () => {
    const { notify, flush, messages } = opened()
    for (let index = 0; index < 130; index++) await notify.send({ title: `n${index}`, group: 'many' })
    await flush()
    expect(messages.map(({ notifications }) => notifications.length)).toEqual([100, 30])
    expect(messages[0]!.title).toBe('many (100 firing)')
  })

  it('cuts what is too long and refuses what is wrong, naming the field', async () => {
    const { notify, flush, messages } = opened()
    await notify.send({ title: `${'x'.repeat(298)}😀y`, text: `a\u0000b\n${'y'.repeat(20_000)}`, group: 'g' })
    await flush()
    expect(messages[0]!.notifications[0]).toMatchObject({ title: `${'x'.repeat(298)}…` })
    expect(messages[0]!.notifications[0]!.text).toMatch(/^ab\ny+…$/)
    const wrong: [string, unknown][] = [
      ['title', { title: ' ' }],
      ['title', { title: 7 }],
      ['it', null],
      ['text', { title: 'x', text: 1 }],
      ['severity', { title: 'x', severity: 'loud' }],
      ['status', { title: 'x', status: 'gone' }],
      ['status', { title: 'x', status: 'resolved' }],
      ['key', { title: 'x', key: '' }],
      ['key', { title: 'x', key: 'k'.repeat(256) }],
      ['group', { title: 'x', group: '' }],
      ['link', { title: 'x', link: 'javascript:alert(1)' }],
      ['time', { title: 'x', time: new Date(Number.NaN) }],
      ['labels', { title: 'x', labels: null }],
      ['labels.a', { title: 'x', labels: { a: 1 } }],
      ['labels', { title: 'x', labels: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, ''])) }],
    ]
    for (const [field, notification] of wrong)
      await expect(notify.send(notification as Notification)).rejects.toMatchObject({
        code: 'CORE_NOTIFY_INVALID',
        details: { field },
      })
  })

  it('refuses options that cannot work', () => {
    const { channel } = recorder()
    for (const options of [
      { channels: { a: {} } },
      { channels: { a: { channel, minimum: 'loud' } } },
      { channels: { a: { channel, rateLimit: { limit: 0, per: '1h' } } } },
      { channels: { a: { channel, quietHours: { from: 'x', to: '07:00' } } } },
      { channels: {}, attempts: 0 },
    ])
      expect(() => createNotify(options as unknown as NotifyOptions)).toThrow(
        expect.objectContaining({ code: 'CORE_NOTIFY_OPTION_INVALID' }),
      )
  })

  it('closes its channels, and takes nothing afterwards', async () => {
    let closed = 0
    const { channel } = recorder()
    const notify = createNotify({ channels: { a: { ...channel, close: async () => void closed++ } } })
    notify.start()
    await notify.close()
    await notify.close()
    expect(closed).toBe(1)
    await expect(notify.send({ title: 'x' })).rejects.toMatchObject({ code: 'CORE_NOTIFY_CLOSED' })
    expect(() => notify.start()).toThrow(expect.objectContaining({ code: 'CORE_NOTIFY_CLOSED' }))
  })
})

describe('createNotify over a database', () => {
  async function prepared() {
    const database = sqliteDatabase({ path: ':memory:' })
    const { channel, messages, failures } = recorder()
    const replica = (options: Partial<NotifyOptions> = {}): Notify => {
      const backoff = { initial: 0, jitter: 'none' as const }
      const notify = createNotify({ database, channels: { ops: channel }, backoff, ...options })
      open.push(() => notify.close({ deadline: 0 }))
      return notify
    }
    await migrate(database, replica().migrations)
    return { database, replica, channel, messages, failures }
  }

  it('tells what the host’s transaction commits, and nothing that it rolls back', async () => {
    const { database, replica, messages } = await prepared()
    const notify = replica()
    await database.transaction((tx) => notify.send({ title: 'kept', key: 'a' }, { tx }))
    const rolledBack = database.transaction(async (tx) => {
      await notify.send({ title: 'gone', key: 'b' }, { tx })
      throw new Error('changed my mind')
    })
    await expect(rolledBack).rejects.toThrow('changed my mind')
    await notify.flush()
    expect(messages.map(({ title }) => title)).toEqual(['kept'])
    expect((await notify.send({ title: 'now', key: 'b' })).duplicate).toBe(false)
    const { notify: memory } = opened()
    await expect(database.transaction((tx) => memory.send({ title: 'x' }, { tx }))).rejects.toMatchObject({
      code: 'CORE_NOTIFY_OPTION_INVALID',
    })
  })

  it('goes on where a process stopped: what waited and what was on its way', async () => {
    const { replica, messages, failures } = await prepared()
    const first = replica()
    failures.push(new Error('down'))
    await first.send({ title: 'on its way' })
    await first.flush()
    await first.send({ title: 'waits', key: 'w' })
    await first.close()
    const second = replica()
    expect((await second.send({ title: 'waits', key: 'w' })).duplicate).toBe(true)
    await second.flush()
    await expect
      .poll(async () => (await second.tick(), messages.map(({ title }) => title)), { timeout: 15_000 })
      .toEqual(expect.arrayContaining(['on its way', 'waits']))
    expect(messages).toHaveLength(2)
  })

  it('sends each group once while several replicas look for it at the same time', async () => {
    const { replica, messages } = await prepared()
    const replicas = [replica(), replica(), replica()]
    for (let round = 0; round < 20; round++) {
      await Promise.all(replicas.map((each, index) => each.send({ title: `${round}/${index}`, group: `g${round}` })))
      await Promise.all(replicas.map((each) => each.flush()))
    }
    const seen = messages.flatMap(({ notifications }) => notifications.map(({ title }) => title))
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
  })

  it('leaves groups of channels it does not know to those that do', async () => {
    const { replica, channel, messages } = await prepared()
    await replica({ channels: { pager: channel } }).send({ title: 'x' })
    expect(await replica().flush()).toMatchObject({ messages: 0 })
    expect(await replica({ channels: { pager: channel } }).flush()).toMatchObject({ delivered: 1 })
    expect(messages).toHaveLength(1)
  })

  it('forgets what was sent after its time', async () => {
    const clock = new SimulatedClock()
    const { replica, database } = await prepared()
    const notify = replica({ clock, keep: '1d', repeat: '1h' })
    const { id } = await notify.send({ title: 'x', key: 'k' })
    await settle(clock, notify.flush())
    await clock.advanceBy('25h')
    await settle(clock, notify.tick())
    expect(await notify.report(id)).toEqual([])
    for (const table of ['notify_items', 'notify_messages', 'notify_seen'])
      expect((await database.query(`select 1 from exprsn_${table}`)).count).toBe(0)
  })
})
