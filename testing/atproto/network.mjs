// The official PLC directory and PDS in one process, started by testing/src/atproto-network.ts over an IPC channel.
// It is plain JavaScript: what it imports is installed on first use only, and no type check may depend on that.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

process.env.LOG_ENABLED = 'false'
const [{ PDS, envToCfg, envToSecrets }, plc] = await Promise.all([import('@atproto/pds'), import('@did-plc/server')])

const folder = await mkdtemp(join(tmpdir(), 'exprsn-atproto-'))
const [plcPort, pdsPort] = [await freePort(), await freePort()]
const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort })
await directory.start()
const secrets = { jwtSecret: hex(16), plcRotationKeyK256PrivateKeyHex: hex(32), dpopSecret: hex(32) }
let pds = await startPds()
process.send({ plcUrl: `http://localhost:${plcPort}`, url: `http://localhost:${pdsPort}` })

const commands = {
  async restart() {
    await stopPds(pds)
    pds = await startPds()
  },
  async takedown({ did, applied }) {
    const manager = pds.ctx.accountManager
    await manager.takedownAccount(did, applied ? { applied: true, ref: 'test' } : { applied: false })
  },
  async stop() {
    await stopPds(pds)
    await directory.destroy()
    await rm(folder, { recursive: true, force: true })
    process.disconnect()
  },
}

process.on('message', (message) => void obey(message))
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0))

async function obey({ id, command, input }) {
  try {
    await commands[command](input ?? {})
    if (process.connected) process.send({ id })
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) })
  }
}

async function startPds() {
  const env = {
    devMode: true,
    port: pdsPort,
    hostname: 'localhost',
    dataDirectory: folder,
    blobstoreDiskLocation: join(folder, 'blobs'),
    adminPassword: 'admin-password',
    ...secrets,
    didPlcUrl: `http://localhost:${plcPort}`,
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    disableSsrfProtection: true,
    crawlers: [],
    rateLimitsEnabled: process.env.EXPRSN_RATE_LIMITS === 'true',
  }
  const started = await PDS.create(envToCfg(env), envToSecrets(env))
  await started.start()
  return started
}

async function stopPds(running) {
  await running.destroy()
  // The PDS itself leaves these two open.
  running.ctx.sequencer.db.close()
  running.ctx.idResolver.did.cache.db.close()
}

function hex(bytes) {
  return randomBytes(bytes).toString('hex')
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
