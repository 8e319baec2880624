import { simulation } from '/work/main/packages/payments/test/simulations/payments.ts'
for (let s=1;s<=60;s++){ const t=performance.now(); const r = await simulation.run(s); const d=performance.now()-t; if (d>1500||r.violations.length) console.log(s, Math.round(d), r.violations) }
