// Answers queries; newsprint's src/search/mod.rs describes the index and the rules.
const FORMAT = 4, TOGETHER = 16, LONGEST = 64, MOST = 64, WEIGHTS = [8, 4, 5, 1];
const WIDE = /[\u2E80-\u2FD5\u3005\u3007\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u3105-\u312F\u31A0-\u31BF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{323AF}]/u;
const INVISIBLE = /[\p{Cc}\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/u;
const CLUSTER = /[^][\p{M}\u1160-\u11FF\uFF9E\uFF9F]*/gu;
const times = (length, make) => Array.from({ length }, make);
const decode = (bytes) => new TextDecoder().decode(Uint8Array.from(bytes));
const NUMBER = /^\p{N}/u;
// Whether a unit may go on with `rest`: `end` is 1 for the beginning of a word, 2 for a number with versions.
const ends = (end, rest) => (end ? end === 1 || rest[0] === "." : !rest);
const log2 = (n) => 31 - Math.clz32(Math.max(1, n));
// The parameters of lists among so many articles.
const scaleOf = (articles) => {
  const step = Math.max(1, 2 ** Math.ceil(Math.log2(Math.max(1, articles))) / 8);
  const roughly = Math.ceil(articles / step) * step;
  return { told: Math.min(64, Math.floor(roughly / 128)), parameter: (count) => log2(Math.floor(roughly / Math.max(1, count))) };
};

// The folded units of a text, with their offsets.
const unitsOf = (text, table) => {
  const units = [];
  let word = "", letters = 0, number = false, dot = false, start = 0, stop = 0, at = 0, between = 3, wasWide = false;
  const push = (text, wide, start, end) => {
    const joined = between < (wide || wasWide ? (wide && wasWide ? 1 : 2) : 3);
    units.push({ text, wide, joined, start, end });
    between = 0;
    wasWide = wide;
  };
  const end = () => {
    if (letters) push(word, false, start, stop);
    if (dot) between = 2;
    word = "";
    letters = 0;
    dot = false;
  };
  const letter = (c, digit, from, to) => {
    if ((letters && digit !== number) || (dot && !digit)) end();
    if (!letters) start = from;
    number = digit;
    for (const part of dot ? [".", c] : [c]) if (letters++ < LONGEST) word += part;
    dot = false;
    stop = to;
  };
  for (const cluster of text.match(CLUSTER) ?? []) {
    for (const normal of cluster.normalize("NFKC")) {
      for (const c of normal.toLowerCase()) {
        const gap = c === "\u2029" ? 3 : /\p{White_Space}/u.test(c) ? 1 : 0;
        const to = at + cluster.length;
        if (!gap && WIDE.test(c)) {
          end();
          push(table.get(c) ?? c, true, at, to);
        } else if (!gap && /\p{N}/u.test(c)) letter(c, true, at, to);
        else if (!gap && (/\p{Alphabetic}/u.test(c) || (letters && !number && /[+#]/.test(c)))) letter(c, false, at, to);
        else if (!gap && letters && !dot && /\p{M}/u.test(c)) letter(c, number, at, to);
        else if (letters && number && !dot && c === ".") dot = true;
        else if (gap || (!/\p{M}/u.test(c) && !INVISIBLE.test(c))) {
          end();
          between = Math.max(between, gap || 2);
        }
      }
    }
    at += cluster.length;
  }
  end();
  return units;
};

const parse = (typed, table) => {
  const query = { wanted: [], unwanted: [] };
  let word = "", quoted = false, minus = false, follows = false;
  const add = () => {
    if (!quoted && /^[-－]/.test(word)) {
      minus = true;
      word = word.slice(1);
    }
    const runs = minus ? query.unwanted : query.wanted;
    const name = follows && !minus ? runs.at(-1) : [];
    const units = unitsOf(word, table).slice(0, MOST);
    for (const unit of units) {
      if (unit.joined) runs.at(-1).push(unit);
      else runs.push([unit]);
    }
    const last = units.at(-1);
    if (last && !quoted) {
      const run = runs.at(-1), number = NUMBER.test(last.text);
      if (!last.wide && !number && [...last.text].length > 1) run.end = 1;
      const named = units[1] ? run : [...name, ...run], before = named.at(-2);
      if (number && !minus && before && !before.wide && !NUMBER.test(before.text)) run.versions = Object.assign([...named], { end: 2 });
    }
    follows = last && !quoted && !minus;
    for (const run of runs) run.written ??= word.slice(run[0].start, run.at(-1).end);
    word = "";
    minus = false;
  };
  for (const c of [...typed].slice(0, 400)) {
    if (/["“”＂]/.test(c)) {
      const negates = !quoted && /^[-－]$/.test(word);
      if (negates) word = "";
      else add();
      follows = false;
      minus = negates;
      quoted = !quoted;
    } else if (!quoted && /\p{White_Space}/u.test(c)) {
      if (word) add();
    } else word += c;
  }
  add();
  return query;
};

const places = (run, units) =>
  units.flatMap((_, at) => {
    const last = at + run.length - 1;
    const same = run.every(({ text }, i) => {
      const unit = units[at + i];
      return unit && (i === 0 || unit.joined) && unit.text.startsWith(text) && ends(at + i === last && run.end, unit.text.slice(text.length));
    });
    return same ? [[at, last]] : [];
  });
// The occurrences of a run and of its versions: the indices of the first and last unit.
export const standsAt = (run, units) => [run, run.versions ?? []].flatMap((run) => (run.length ? places(run, units) : []));

const bitsOf = (bytes) => {
  let at = 0;
  const bits = (count) => {
    // A file that was cut off on its way.
    if (at + count > bytes.length * 8) throw new Error("stale");
    let value = 0;
    for (; count > 0; count--, at++) value = value * 2 + ((bytes[at >> 3] >> (7 - (at & 7))) & 1);
    return value;
  };
  const rice = (parameter) => {
    let ones = 0;
    while (bits(1)) ones++;
    return ones * 2 ** parameter + bits(parameter);
  };
  const gamma = () => {
    let length = 0;
    while (length < 32 && !bits(1)) length++;
    return 2 ** length + bits(length);
  };
  const text = () => decode(times(gamma() - 1, () => bits(8)));
  const numbers = (count, parameter) => {
    let next = 0;
    return times(count, () => (next += rice(parameter) + 1) - 1);
  };
  return { bits, rice, gamma, text, numbers };
};

// `fetched(name, fresh)` returns the bytes of an index file, `bodyOf(article)` the text of a body.
export const open = async (fetched, bodyOf) => {
  const head = bitsOf(await fetched("index.bin", true));
  if (head.bits(8) !== FORMAT) throw new Error("format");
  const articles = head.gamma() - 1, undated = head.gamma() - 1, buckets = 2 ** head.bits(5), facetStamp = head.bits(32);
  let day, first = undated;
  const days = times(head.gamma() - 1, () => {
    day = day === undefined ? head.bits(32) | 0 : day + head.gamma();
    first += head.gamma();
    return [day, first];
  });
  const parts = [];
  for (let i = head.gamma() - 1, first = 0; i > 0; i--) {
    const part = { first, articles: head.gamma(), shards: head.gamma(), stamp: head.bits(32) };
    parts.push(Object.assign(part, scaleOf(part.articles)));
    first += part.articles;
  }
  const [written, meant] = decode(await fetched(`fold.txt?${FORMAT}`)).split("\n").map((line) => [...line]);
  const table = new Map(written.map((c, i) => [c, meant[i]]));

  const kept = new Map();
  const once = (key, make) => kept.get(key) ?? kept.set(key, make()).get(key);
  const stamped = (name, stamp) =>
    once(name, async () => {
      const bytes = await fetched(`${name}?${stamp.toString(36)}`);
      if (bitsOf(bytes).bits(32) !== stamp) throw new Error("stale");
      return bytes;
    });

  // The stamps of a part's files of articles and of its shards.
  const tableOf = ({ first, articles, shards, stamp }) =>
    once(`table ${first}`, async () => {
      const data = bitsOf(await stamped(`t${first}.bin`, stamp));
      data.bits(32);
      return { files: times(Math.ceil(articles / TOGETHER), () => data.bits(32)), stamps: times(shards, () => data.bits(32)) };
    });

  const listsOf = (data, pair, { parameter, told }) => {
    const fields = data.bits(1) ? 1 : data.bits(4);
    return [0, 1, 2, 3].map((field) => {
      const list = new Map();
      if (!(fields & (8 >> field))) return list;
      const count = data.gamma();
      const found = data.numbers(count, parameter(count));
      const cells = pair && (pair > 1 || count > told || field < 3);
      const single = cells && data.bits(1), rice = cells && data.bits(4);
      for (const article of found) list.set(article, cells ? data.numbers(single ? 1 : 1 + data.rice(0), rice) : null);
      return list;
    });
  };
  // The code of a gram's number, and the number of a code.
  const codeOf = (number) => {
    number = Math.imul(number, 0x9e3779b1);
    number = Math.imul(number ^ (number >>> 15), 0x2c1b3c6d);
    return (number ^ (number >>> 13)) >>> 0;
  };
  const numberOf = (code) => {
    code = Math.imul(code ^ (code >>> 13) ^ (code >>> 26), 0x64ea2d65);
    return Math.imul(code ^ (code >>> 15) ^ (code >>> 30), 0xe8b2f51) >>> 0;
  };
  // The lists of one or two units in a part; of all words that the last may be.
  const look = async (part, units, last) => {
    const plain = units.every(({ wide, text }) => wide && text.length === 1);
    const name = units.map(({ text }) => text).join(units.some(({ wide }) => wide) ? "" : " ");
    const [a, b] = [...name].map((c) => c.codePointAt(0));
    const wanted = codeOf(b === undefined || b === 32 ? a : (a << 16) ^ b);
    const shard = Math.floor((Math.floor((wanted * buckets) / 2 ** 32) * part.shards) / buckets);
    const { stamps } = await tableOf(part);
    const data = bitsOf(await stamped(`s${part.first}-${shard}.bin`, stamps[shard]));
    let found = [0, 1, 2, 3].map(() => new Map());
    data.bits(32);
    const count = data.gamma() - 1;
    for (let i = 0, code = data.bits(32), rice = data.bits(5); i < count; i++) {
      code += data.rice(rice);
      const lists = listsOf(data, +(numberOf(code) > 0xffff), part);
      if (plain && code === wanted) return lists;
    }
    let bytes = [];
    for (let i = plain ? 0 : data.gamma() - 1; i > 0; i--) {
      bytes.length = data.rice(2);
      for (let more = data.rice(2); more > 0; more--) bytes.push(data.bits(8));
      const pair = data.bits(1), lists = listsOf(data, pair * 2, part);
      const gram = decode(bytes);
      const rest = gram.slice(name.length);
      if (!!pair !== units.length > 1 || !gram.startsWith(name) || !ends(last, rest) || /\s/.test(rest) || WIDE.test(rest)) continue;
      lists.forEach((list, field) => {
        for (const [article, cells] of list) {
          const before = found[field].get(article);
          found[field].set(article, before === undefined ? cells : before && cells && [...before, ...cells]);
        }
      });
    }
    return found;
  };

  // By article: a bit for each field that contains the run; 16 if the body has to be read.
  const standing = async (run) => {
    const stands = new Map();
    await Promise.all(parts.map((part) => standingIn(part, run, stands)));
    return stands;
  };
  const standingIn = async (part, run, stands) => {
    const grams = await Promise.all(
      run.length === 1 ? [look(part, run, run.end)] : run.slice(1).map((_, i) => look(part, run.slice(i, i + 2), i === run.length - 2 && run.end)),
    );
    for (let field = 0; field < 4; field++) {
      for (const number of grams[0][field].keys()) {
        const cells = grams.map((lists) => lists[field].get(number)), article = part.first + number;
        if (cells.includes(undefined)) continue;
        let bit = 8 >> field;
        if (cells.length > 1) {
          if (cells.includes(null)) bit = 16;
          else {
            const follows = cells.reduce((reached, next, i) => {
              const steps = run[i - 1].text === run[i].text ? [2] : [0, 1];
              return next.filter((cell) => steps.some((step) => reached.includes(cell - step)));
            });
            if (!follows.length) continue;
          }
        }
        stands.set(article, stands.get(article) | bit);
      }
    }
  };

  const articleOf = async (number) => {
    const at = Math.floor(number / TOGETHER), part = parts.findLast(({ first }) => first <= number);
    const stamp = (await tableOf(part)).files[at - part.first / TOGETHER];
    const file = await once(`list ${at}`, async () => JSON.parse(decode(await fetched(`a${at}.json?${stamp.toString(36)}`))));
    if (file.stamp !== stamp) throw new Error("stale");
    return file.articles[number % TOGETHER];
  };
  const textOf = (number) => once(`text ${number}`, async () => bodyOf(await articleOf(number)));

  // The matches as [number, score], best first, and the number of articles with each run.
  const find = async ({ wanted, unwanted }) => {
    const all = await Promise.all(
      wanted.map(async (run) => {
        const found = await Promise.all([run, ...(run.versions ? [run.versions] : [])].map(async (run) => ({ run, stands: await standing(run) })));
        return { found, keys: new Set(found.flatMap(({ stands }) => [...stands.keys()])) };
      }),
    );
    const none = await Promise.all(unwanted.map(standing));
    const from = all.length ? [...all[0].keys] : none.length ? times(articles, (_, i) => i) : [];
    const found = from.filter((article) => all.every(({ keys }) => keys.has(article)) && !none.some((stands) => stands.get(article) & 15));
    const scored = await Promise.all(
      found.map(async (article) => {
        const sees = async (stands, run) => stands.get(article) & 16 && places(run, unitsOf(await textOf(article), table)).length > 0;
        let score = 0, versions = 0;
        for (const { found, keys } of all) {
          let fields = 0, at = 0;
          for (; !fields && at < found.length; at++) {
            const { run, stands } = found[at];
            fields = (stands.get(article) & 15) | ((await sees(stands, run)) ? 1 : 0);
          }
          if (!fields) return [];
          versions += at - 1;
          const weight = WEIGHTS.reduce((sum, weight, field) => sum + (fields & (8 >> field) ? weight : 0), 0);
          score += weight * (log2(Math.floor(articles / keys.size)) + 1);
        }
        for (const [i, stands] of none.entries()) if (await sees(stands, unwanted[i])) return [];
        return [[article, score, versions]];
      }),
    );
    const matches = scored.flat().sort((a, b) => a[2] - b[2] || b[1] - a[1] || b[0] - a[0]);
    return { matches: matches.map((match) => match.slice(0, 2)), counts: all.map(({ keys }) => keys.size) };
  };

  const facets = () =>
    once("facets", async () => {
      const data = bitsOf(await stamped("facets.bin", facetStamp));
      data.bits(32);
      const list = (make) => times(data.gamma() - 1, make);
      return list(() => ({
        parameter: data.text(),
        title: data.text(),
        terms: list(() => {
          const name = data.text(), slug = data.text(), count = data.gamma(), { parameter } = scaleOf(articles);
          return { name, slug, articles: data.numbers(count, parameter(count)) };
        }),
      }));
    });

  return { articles, undated, days, parse: (typed) => parse(typed, table), articleOf, textOf, find, facets, unitsOf: (text) => unitsOf(text, table) };
};
