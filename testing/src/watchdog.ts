export { behindGate, openGate, startWatchdog } from '@exprsn/backup/server'
