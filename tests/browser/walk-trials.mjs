// What the machine of packaging/walk goes through once the service is set up: everything that systemd does with our units and
// that nothing else here shows, and what an operator types. Each trial throws if the service does not do what it must.

import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { until } from './until.mjs';
import { Hello, answered, ask, since } from './walk-machine.mjs';

const BOT = 'U8e742f61d673b39c7fff3cecb7536ef0';
const RESTARTS = 5;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** All of them, in their order: the last one leaves nothing that runs. */
export async function tryMachine({ legs, machine, line, url }) {
  const unit = (property) => machine.shows('anshin.service', property);
  const isUp = async () => {
    assert.equal((await ask(`${url}/healthz`)).status, 200);
    assert.equal(await unit('ActiveState'), 'active');
  };

  await legs.walk('what systemd says of the service', async () => {
    assert.equal(await unit('Type'), 'notify');
    assert.equal(await unit('StatusText'), 'watching, on [::]:443');
    const used = Number(await unit('MemoryCurrent'));
    const resident = await machine.run(`awk '/VmRSS/ {print $2}' /proc/${await unit('MainPID')}/status`);
    const security = await machine.run('systemd-analyze security anshin.service --no-pager | tail -n 1');
    const user = await machine.run(`ps -o user= -p ${await unit('MainPID')}`);
    assert.notEqual(user.trim(), 'root');
    return `memory of the group ${Math.round(used / 1024)} KiB, resident ${resident} KiB; exposure ${/: ([\d.]+)/.exec(security)[1]}`;
  });

  await legs.walk(`${RESTARTS} restarts under webhooks`, async () => {
    const hello = new Hello(line, url, BOT);
    for (let n = 0; n < RESTARTS; n += 1) {
      await machine.run('systemctl restart anshin', { seconds: 120 });
      await pause(1_000);
    }
    const told = await hello.stop();
    assert.deepEqual(hello.faults, [], told);
    assert.equal(hello.lost, 0, told);
    return told;
  });

  await legs.walk('an upgrade under webhooks', async () => {
    const hello = new Hello(line, url, BOT);
    const before = await unit('MainPID');
    await machine.run('apt install -y /root/newer.deb', { seconds: 120 });
    assert.notEqual(await unit('MainPID'), before);
    const told = await hello.stop();
    assert.deepEqual(hello.faults, [], told);
    assert.equal(hello.lost, 0, told);
    return told;
  });

  await legs.walk('the process is killed', async () => {
    const before = await unit('NRestarts');
    const pid = await unit('MainPID');
    await machine.run(`kill -9 ${pid}`);
    const seconds = await answered(url);
    assert.notEqual(await unit('MainPID'), pid);
    assert.equal(Number(await unit('NRestarts')), Number(before) + 1);
    return `answers after ${seconds} s`;
  });

  await legs.walk('the process stands still: the watchdog', async () => {
    const pid = await unit('MainPID');
    const start = performance.now();
    await machine.run(`kill -STOP ${pid}`);
    await until('another process', async () => !['0', pid].includes(await unit('MainPID')), 150_000);
    const other = since(start);
    await answered(url);
    assert.match(await machine.run('journalctl -u anshin.service -o cat --since -5min'), /Watchdog timeout/);
    return `another process after ${other} s, answers after ${since(start)} s`;
  });

  for (const [name, act] of [['reboot', () => machine.tried('systemctl reboot')], ['power cut', () => machine.cutPower()]]) {
    await legs.walk(name, async () => {
      const boot = await machine.boot();
      await act();
      await until('the machine starts again', async () => await machine.boot() !== boot, 240_000);
      const seconds = await answered(url, 240);
      await isUp();
      const own = Number(await unit('ActiveEnterTimestampMonotonic')) / 1e6;
      return `the service is up ${own.toFixed(1)} s after its kernel began; answered ${seconds} s after it could be logged in to`;
    });
  }

  await copies({ legs, machine, url });
  await second({ legs, machine, url });

  const { code, said } = await machine.tried('anshin doctor');
  console.log(said);
  legs.note('anshin doctor', `code ${code}`);

  await legs.walk('apt remove, and installed again', async () => {
    const told = await machine.run('apt remove -y anshin', { seconds: 120 });
    assert.match(told, /NOBODY IS WATCHED/);
    await assert.rejects(ask(`${url}/healthz`, { seconds: 10 }));
    await machine.run('apt install -y /root/newer.deb', { seconds: 120 });
    await answered(url);
    assert.equal(await machine.shows('anshin@second.service', 'ActiveState'), 'active');
    return 'both accounts run again on their data';
  });
  await legs.walk('apt purge', async () => {
    const told = await machine.run('apt purge -y anshin', { seconds: 120 });
    assert.match(told, /THE DATA IS STILL THERE/);
    const left = await machine.run('ls -d /etc/anshin /usr/bin/anshin /etc/systemd/system/anshin* /var/lib/private/anshin* 2>/dev/null; systemctl list-units --all --no-legend "anshin*"');
    return `left: ${left.split('\n').join(', ')}`;
  });
  await legs.walk('a new machine: install, restore, setup --domain', async () => {
    await machine.run('rm -rf /var/lib/anshin* /var/lib/private/anshin* /etc/systemd/system/anshin*');
    await machine.run('apt install -y /root/newer.deb', { seconds: 120 });
    await machine.standIns(line.url);
    await machine.run('anshin restore /root/copy.redb');
    const told = await machine.run('anshin setup --domain mimamori.example.jp', { seconds: 120 });
    assert.match(told, /There is an administrator already/);
    await answered(url);
    await isUp();
    await oneOwner(machine);
  });
}

/** Whatever root put there belongs to the service, or it could not be opened. */
async function oneOwner(machine) {
  const owners = (await machine.run('find /var/lib/private/anshin -printf "%U\\n" | sort -u')).split('\n');
  assert.equal(owners.length, 1, owners.join());
  assert.notEqual(owners[0], '0');
}

/** A copy is made, read, and put back as the README says. */
async function copies({ legs, machine, url }) {
  await legs.walk('anshin backup, verify, restore', async () => {
    const made = await machine.run('anshin backup');
    const [path] = /\/var\/lib\/\S+\.redb/.exec(made) ?? assert.fail(made);
    await machine.run(`anshin verify ${path} && cp ${path} /root/copy.redb`);
    const refused = await machine.tried(`anshin restore ${path}`);
    assert.notEqual(refused.code, 0, 'not while the service runs');
    await machine.run('systemctl stop anshin.socket anshin');
    await machine.run(`anshin restore ${path}`);
    await machine.run('systemctl start anshin');
    assert.equal(await machine.shows('anshin.socket', 'ActiveState'), 'active');
    await answered(url);
    await oneOwner(machine);
  });
}

/** A second account of LINE on the same machine. */
async function second({ legs, machine, url }) {
  await legs.walk('anshin@second beside it', async () => {
    const port = 8081;
    await machine.run(`sed -e 's|^listen = .*|listen = "127.0.0.1:${port}"|' -e 's|^public_url = .*|public_url = "https://second.example.jp"|' \
      -e 's|^mode = "acme"|mode = "off"|' -e 's|^path = .*|path = "/var/lib/anshin-second/anshin.redb"|' /etc/anshin/anshin.toml >/etc/anshin/second.toml`);
    await machine.edit('anshin@second.socket', ['[Socket]', `ListenStream=127.0.0.1:${port}`]);
    await machine.run('systemctl enable --now anshin@second.socket anshin@second');
    await machine.run(`curl -sf http://127.0.0.1:${port}/healthz`);
    await machine.run('anshin setup --config /etc/anshin/second.toml');
    await answered(url);
    const used = await machine.shows('anshin@second.service', 'MemoryCurrent');
    const free = await machine.run("awk '/MemAvailable/ {print $2}' /proc/meminfo");
    return `${Math.round(used / 1024)} KiB more, ${free} KiB still free`;
  });
}
