import type { Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import { faultSteps, type FaultStep } from './fault-steps.ts'
import type { ProxyDirection, ProxyFault } from './proxy-fault.ts'

/** One client, its connection to the target, and what is to happen to them. */
export interface ProxyLink {
  readonly client: Socket
  readonly target: Socket
  readonly faults: readonly ProxyFault[]
  readonly clock: Clock
  /** Called for every fault when it takes effect. */
  readonly onFault: (kind: ProxyFault['kind'], direction: ProxyDirection) => void
}

/** Passes bytes both ways, under the link's faults. Resolves when both sides are gone. */
export async function runProxyLink(link: ProxyLink): Promise<void> {
  const { client, target } = link
  const gone = new AbortController()
  const ended = Promise.all([closed(client), closed(target)])
  // The partner of a side that fails is reset, as the kernel between the two would do. A half-open one is kept.
  let keepsHalf = false
  const fail = (other: Socket) => () => void (keepsHalf || resetSocket(other))
  client.on('error', fail(target))
  target.on('error', fail(client))
  const pass = (direction: ProxyDirection): void =>
    pump(link, direction, gone.signal, () => {
      keepsHalf = true
    })
  pass('to-target')
  pass('to-client')
  await ended
  gone.abort()
}

/** Ends a connection with RST where the kind of socket has one. */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return
  try {
    socket.resetAndDestroy()
  } catch {
    socket.destroy()
  }
  // A unix socket reports asynchronously that it cannot be reset.
  socket.destroy()
}

function pump(link: ProxyLink, direction: ProxyDirection, gone: AbortSignal, keepHalf: () => void): void {
  const [from, to] = direction === 'to-target' ? [link.client, link.target] : [link.target, link.client]
  const faults = link.faults.filter((fault) => (fault.direction ?? 'to-client') === direction)
  let position = 0
  let swallows = false
  let turn = Promise.resolve()
  const forward = async (chunk: Uint8Array): Promise<void> => {
    if (swallows || to.destroyed) return
    const steps = faultSteps(faults, position, chunk)
    position += chunk.length
    for (const step of steps) await take(step)
  }
  const take = async (step: FaultStep): Promise<void> => {
    if (gone.aborted || to.destroyed) return
    if (step.kind === 'send') return write(to, step.bytes)
    if (step.kind === 'corrupted') return link.onFault('corrupt', direction)
    if (step.kind === 'wait') {
      link.onFault(step.fault, direction)
      return sleep(step.milliseconds, { clock: link.clock, signal: gone }).catch(() => {})
    }
    swallows = true
    link.onFault(step.how, direction)
    if (step.how === 'cut') {
      to.destroySoon()
      from.destroySoon()
    } else if (step.how === 'reset') {
      resetSocket(to)
      resetSocket(from)
    } else if (step.how === 'half-open') {
      keepHalf()
      resetSocket(from)
      // Its own bytes are read and lost, as by a network that has no route any more.
      to.removeAllListeners('data')
        .on('data', () => {})
        .resume()
    }
  }
  from.on('data', (chunk: Uint8Array) => {
    from.pause()
    turn = turn.then(() => forward(chunk)).then(() => void from.resume())
  })
  from.on('end', () => {
    turn = turn.then(() => {
      if (!swallows) to.end()
    })
  })
}

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve())
  })
}

function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
  })
}
