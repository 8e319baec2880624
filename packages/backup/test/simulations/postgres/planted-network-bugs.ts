import type { PostgresConnector } from '@exprsn/backup'
import type { ReplicationConnection } from '@exprsn/backup/drivers/postgres'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import type { NetworkSabotage } from './run-network.ts'

/** What a receiver or a base backup may do wrongly over a network that is cut: each must be noticed. */
export const plantedNetworkBugs: Readonly<Record<string, () => NetworkSabotage>> = {
  'WAL is acknowledged before it is here': () => receiver({ connector: acknowledging(32n << 20n) }),
  'a bit of received WAL flips': () => receiver({ disk: inWrites(7, (bytes) => Buffer.from(bytes).fill(7, 0, 1)) }),
  'a stretch of received WAL is not written': () => receiver({ disk: inWrites(7, () => undefined) }),
  'received WAL is written elsewhere': () => receiver({ disk: inWrites(7, (bytes) => bytes, 512) }),
  'a segment that is full does not get its name': () =>
    receiver({ disk: (disk) => ({ ...disk, rename: async () => {} }) }),
  'a segment is removed when it is full': () => receiver({ disk: losing }),
  'a message of the stream is lost': () => receiver({ connector: (made) => inStreams(made, { drop: 50 }) }),
  'a message of the stream is taken twice': () => receiver({ connector: (made) => inStreams(made, { twice: 50 }) }),
  'a reconnect passes a segment over': () => receiver({ connector: passingOver }),
  'a base backup that was cut off counts as whole': () => base({ connector: believing }),
  'a base backup that was cut off stays': () => base({ disk: keepingPartial }),
  'a piece of a base backup is not written': () => base({ disk: inWrites(40, () => undefined) }),
}

function receiver(sabotage: NetworkSabotage): NetworkSabotage {
  return { ...sabotage, only: 'receiver' }
}

function base(sabotage: NetworkSabotage): NetworkSabotage {
  return { ...sabotage, only: 'base' }
}

/** Changes every so many-th write of content; undefined: nothing is written. */
function inWrites(every: number, change: (bytes: Uint8Array) => Uint8Array | undefined, shift = 0) {
  let writes = 0
  return (disk: Disk): Disk => ({
    ...disk,
    openSync: (path, mode, options) =>
      new Proxy(disk.openSync(path, mode, options), {
        get(file, name: keyof DiskFile) {
          const member = file[name]
          if (name !== 'writeSync') return typeof member === 'function' ? member.bind(file) : member
          return (bytes: Uint8Array, offset: number): void => {
            const changed = ++writes % every === 0 ? change(bytes) : bytes
            if (changed !== undefined)
              file.writeSync(changed, changed === bytes && writes % every !== 0 ? offset : offset + shift)
          }
        },
      }),
  })
}

function keepingPartial(disk: Disk): Disk {
  return {
    ...disk,
    removeFolder: async (path) => (String(path).endsWith('.partial') ? undefined : disk.removeFolder(path)),
  }
}

function losing(disk: Disk): Disk {
  let renames = 0
  return {
    ...disk,
    async rename(from, to) {
      await disk.rename(from, to)
      if (++renames === 2) await disk.removeFile(to)
    },
  }
}

function changed(
  connector: PostgresConnector,
  change: (connection: ReplicationConnection) => Partial<ReplicationConnection>,
): PostgresConnector {
  return {
    ...connector,
    async replication(options) {
      const connection = await connector.replication(options)
      return { ...connection, ...change(connection) }
    },
  }
}

/** Adds to the position that is told to be durable, in a standby status update. */
function acknowledging(surplus: bigint) {
  return (connector: PostgresConnector): PostgresConnector =>
    changed(connector, (connection) => ({
      async copyBoth(text, handlers) {
        const copy = await connection.copyBoth(text, handlers)
        return {
          ...copy,
          send(bytes) {
            const status = Buffer.from(bytes)
            for (const at of [1, 9]) status.writeBigUInt64BE(status.readBigUInt64BE(at) + surplus, at)
            copy.send(status)
          },
        }
      },
    }))
}

function inStreams(connector: PostgresConnector, wrong: { readonly drop?: number; readonly twice?: number }) {
  let messages = 0
  return changed(connector, (connection) => ({
    copyBoth: (text, handlers) =>
      connection.copyBoth(text, {
        ...handlers,
        onData(chunk) {
          messages++
          if (wrong.drop !== undefined && messages % wrong.drop === 0) return undefined
          if (wrong.twice !== undefined && messages % wrong.twice === 0) void handlers.onData(chunk)
          return handlers.onData(chunk)
        },
      }),
  }))
}

function passingOver(connector: PostgresConnector): PostgresConnector {
  let streams = 0
  return changed(connector, (connection) => ({
    copyBoth: (text, handlers) =>
      connection.copyBoth(
        streams++ === 0
          ? text
          : text.replace(/(\w+)000000 /, (_, high) => `${(parseInt(high, 16) + 1).toString(16)}000000 `),
        handlers,
      ),
  }))
}

function believing(connector: PostgresConnector): PostgresConnector {
  return changed(connector, (connection) => ({
    copyOut: (text, handlers) => connection.copyOut(text, handlers).catch(() => {}),
  }))
}
