/** The dispatcher's page: both pictures and the reasons, new every ten seconds, without any script. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="refresh" content="10">
    <meta name="viewport" content="width=device-width">
    <title>Deliveries of today</title>
  </head>
  <body>
    <h1>Deliveries of today</h1>
    <p><img src="/day/gantt.svg" alt="Who brings what when; the text is under /day/why" style="max-width: 100%"></p>
    <p><img src="/day/map.svg" alt="Where they drive" style="max-width: 100%"></p>
    <p><a href="/day/why">Why the plan is as it is</a></p>
  </body>
</html>
`
