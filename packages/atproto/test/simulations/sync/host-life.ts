import { randomBelow, sleep } from '@exprsn/core'
import type { DataObject } from '@exprsn/atproto/codec'
import type { RepoWrite } from '@exprsn/atproto/repo'
import type { FakeAccount } from '@exprsn/atproto/testing'
import type { World } from './world.ts'

const steps = 70
const collections = ['com.example.note', 'com.example.link', 'com.example.ignored']

/** What happens on the host: writes of all kinds, new keys and handles, accounts that come, go and return. */
export async function liveOnHost(world: World): Promise<void> {
  const { host, clock, random: all } = world
  const random = all.fork('host')
  const draw = (below: number): number => randomBelow(random, below)
  let number = 0
  const quiet = new Set<string>()
  const announced = (account: FakeAccount): FakeAccount => {
    const name = `${account.did}/${account.handle}`
    world.announced.set(name, (world.announced.get(name) ?? 0) + 1)
    return account
  }
  const newAccount = (): FakeAccount => announced(host.createAccount({ handle: `user${number++}.test`, curve: 'p256' }))
  for (let index = 0; index < 4; index++) {
    const { did } = newAccount()
    host.write(did, writesOf(host.accounts.get(did)!, 1 + draw(12)))
  }

  // Nothing ever happens here again: only the list of repositories knows of them.
  for (let index = 0; index < 3; index++) {
    const { did } = newAccount()
    quiet.add(did)
    host.write(did, writesOf(host.accounts.get(did)!, 3))
  }

  for (let step = 0; step < steps; step++) {
    await sleep(draw(400), { clock })
    const busy = [...host.accounts.values()].filter(({ did }) => !quiet.has(did))
    const account = busy[draw(busy.length)]!
    if (account.status !== 'active') {
      if (draw(3) === 0) host.setStatus(account.did, 'active')
      continue
    }
    const kind = draw(42)
    if (draw(3) === 0) world.snapshots.set(account.did, account.repo.snapshot())
    if (kind < 28) writeTo(account)
    else if (kind < 30) phantom(account)
    else if (kind < 32) rotate(account)
    else if (kind < 34) rename(account)
    else if (kind < 35) host.announceSync(account.did)
    else if (kind < 37) leave(account)
    else if (kind < 38 && busy.length > 3) remove(account)
    else if (kind < 39) newAccount()
    else if (world.lossy) await forget(account)
  }
  for (const { did, status } of host.accounts.values()) if (status !== 'active') host.setStatus(did, 'active')
  // What was announced and lost shows with the next commit.
  for (const did of world.phantoms) {
    const account = host.accounts.get(did)
    if (account !== undefined) host.write(did, writesOf(account, 1))
  }

  function writeTo(account: FakeAccount): void {
    host.write(account.did, writesOf(account, draw(10) === 0 ? 30 : draw(5)))
  }

  /** Nobody can connect for so long that the stream no longer keeps what was missed. */
  async function forget(account: FakeAccount): Promise<void> {
    world.downUntil = clock.monotonic() + 2_000
    writeTo(account)
    await sleep(1_000, { clock })
    host.events.forgetUpTo(host.events.last)
  }

  /** Announced, and then lost with its host's last moments. */
  function phantom(account: FakeAccount): void {
    world.hit('phantom')
    const before = account.repo.snapshot()
    writeTo(account)
    account.repo.restore(before)
    world.phantoms.add(account.did)
  }

  function rotate(account: FakeAccount): void {
    world.hit('rotate')
    host.rotateKey(account.did, draw(2) === 0 ? 'k256' : 'p256')
    announced(account)
    writeTo(account)
  }

  function rename(account: FakeAccount): void {
    host.setHandle(account.did, `renamed${number++}.test`)
    announced(account)
  }

  function leave(account: FakeAccount): void {
    world.hit('deactivate')
    host.setStatus(account.did, draw(2) === 0 ? 'deactivated' : 'takendown')
  }

  function remove(account: FakeAccount): void {
    world.hit('delete-account')
    host.deleteAccount(account.did)
    world.phantoms.delete(account.did)
  }

  function writesOf({ repo }: FakeAccount, count: number): RepoWrite[] {
    const paths = [...repo.records.keys()]
    const touched = new Set<string>()
    const writes: RepoWrite[] = []
    for (let index = 0; index < count; index++) {
      const path = paths[draw(Math.max(1, paths.length))]
      if (path !== undefined && draw(2) === 0 && !touched.has(path)) {
        touched.add(path)
        if (draw(4) === 0) writes.push({ action: 'delete', path }, { action: 'create', path, value: valueOf(path) })
        else if (draw(2) === 0) writes.push({ action: 'delete', path })
        else writes.push({ action: 'update', path, value: valueOf(path) })
      } else {
        const created = `${collections[draw(3)]}/${(number++).toString(36)}`
        writes.push({ action: 'create', path: created, value: valueOf(created) })
      }
    }
    return writes
  }

  function valueOf(path: string): DataObject {
    const url = draw(5) === 0 ? 'javascript:alert(1)' : 'https://example.com'
    return { $type: path.split('/')[0], number: number++, ...(path.startsWith('com.example.link') ? { url } : {}) }
  }
}
