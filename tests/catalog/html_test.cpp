#include "catalog/html.hpp"

#include <chrono>

#include "catalog/text.hpp"
#include "catch.hpp"

using namespace product_sync::catalog;

TEST_CASE("honest markup passes on one line") {
  const auto [source, clean] = GENERATE(table<std::string, std::string>({
      {"<p>One</p>\r\n<p>Two</p>", "<p>One</p><p>Two</p>"},
      {"<h3>Radio</h3><p>FM &amp; AM<br>Stereo</p>", "<h3>Radio</h3><p>FM &amp; AM<br>Stereo</p>"},
      {"<ul>\n  <li>one\n  <li>two\n</ul>", "<ul><li>one</li><li>two</li></ul>"},
      {"<p>very   <b> bold </b>\n text </p>", "<p>very <b>bold</b> text</p>"},
      {"a<b>b</b> c", "a<b>b</b> c"},
      {"<P CLASS=x>Upper</P>", "<p>Upper</p>"},
      {"<table><tr><td colspan=2 style='x'>a<td>b</table>",
       "<table><tbody><tr><td colspan=\"2\">a</td><td>b</td></tr></tbody></table>"},
      {"<a href=\"https://example.com/?a=1&b=2\" onclick=\"x()\">link</a>",
       "<a href=\"https://example.com/?a=1&amp;b=2\">link</a>"},
      {"<img src='https://example.com/a.jpg' alt='A &quot;b&quot;' onerror=x>",
       "<img src=\"https://example.com/a.jpg\" alt=\"A &quot;b&quot;\">"},
      {"<pre>a  b\nc\td</pre>", "<pre>a  b<br>c d</pre>"},
      {"&lt;b&gt; is not bold<br>", "&lt;b&gt; is not bold<br>"},
      {"<p>&copy; &#8364; &nbsp;x&#9;y</p>", "<p>© € \xC2\xA0x y</p>"},
      {"<p>a&#8232;b&#x2029;c</p>", "<p>a b c</p>"},
      {"<b>unclosed <i>both", "<b>unclosed <i>both</i></b>"},
      {"<p>Grüße 日本 😀</p>", "<p>Grüße 日本 😀</p>"},
  }));
  CAPTURE(source);
  CHECK(clean_html(source) == clean);
  CHECK(clean_html(clean) == clean);
}

TEST_CASE("what could run, load or hide something is removed") {
  const auto [source, clean] = GENERATE(table<std::string, std::string>({
      {"<script>alert(1)</script>a", "a"},
      {"<SCRIPT SRC=//x>alert('</p>')</SCRIPT >a", "a"},
      {"<style>p{color:red}</style><p>a</p>", "<p>a</p>"},
      {"<link rel=stylesheet href=x>a<meta charset=x>", "a"},
      {"a<!-- secret -->b<!--[if IE]>x<![endif]-->", "ab"},
      {"<p onclick=x onmouseover='y' style=\"z\" id=q>a</p>", "<p>a</p>"},
      {"<a href='javascript:alert(1)'>a</a>", "a"},
      {"<a href=' jAvA\tscript\n:alert(1)'>a</a>", "a"},
      {"<a href='&#106;avascript:alert(1)'>a</a>", "a"},
      {"<a href='data:text/html,x'>a</a>", "a"},
      {"<a href='/relative'>a</a>", "a"},
      {"<a href='HTTPS://example.com/\n x'>a</a>", "<a href=\"HTTPS://example.com/ x\">a</a>"},
      {"<img src='data:image/png;base64,AAAA'>a", "a"},
      {"<img onerror=alert(1)>a", "a"},
      {"<iframe src='https://x'>in</iframe>a", "a"},
      {"<svg><script>x</script><text>t</text></svg>a", "a"},
      {"<math><mi>x</mi></math>a", "a"},
      {"<form action=x><input value=y><button>go</button>a</form>", "a"},
      {"<object data=x><p>b</p></object>a", "a"},
      {"<template><p>b</p></template>a", "a"},
      {"<noscript><p>b</p></noscript>a", "a"},
      {"<span style='x'><font color=red>a</font></span>", "a"},
      {"<html><head><title>t</title></head><body bgcolor=x><p>a</p></body></html>", "<p>a</p>"},
      {"<section>a</section><article>b</article>", "a b"},
      {"<frameset><frame src=x></frameset>a", "a"},
      {"<p>a</p><plaintext><script>x", "<p>a</p>&lt;script&gt;x"},
  }));
  CAPTURE(source);
  CHECK(clean_html(source) == clean);
}

TEST_CASE("the style block of Acumatica's editor is removed, as an element and as bare text") {
  const std::string styles = "/* RTE style begin */\n.richp { margin: 0 }\n p > a { x }\n/* RTE style end */";
  CHECK(clean_html("<html><head><style type=\"text/css\">" + styles +
                   "</style></head><body><p class=\"richp\">Radio</p></body></html>") == "<p>Radio</p>");
  CHECK(clean_html(styles + "\n<p>Radio</p>") == "<p>Radio</p>");
  CHECK(clean_html(styles + "Radio") == "Radio");
  CHECK(clean_html("/* RTE style begin */ x /* RTE style end */Radio") == "Radio");
  CHECK(clean_html("Radio\n" + styles + styles) == "Radio");
  CHECK(clean_html("/* RTE style begin */ never ends") == "/* RTE style begin */ never ends");
}

TEST_CASE("a text without tags is plain: its line breaks are kept, its signs are escaped") {
  const auto [source, clean] = GENERATE(table<std::string, std::string>({
      {"Radio", "Radio"},
      {"one\ntwo", "one<br>two"},
      {"one\r\ntwo\rthree", "one<br>two<br>three"},
      {"one\n\ntwo\n", "one<br><br>two"},
      {"a < b & c > d", "a &lt; b &amp; c &gt; d"},
      {"size <L", "size &lt;L"},
      {"x <= y\nz", "x &lt;= y<br>z"},
      {"AT&amp;T", "AT&amp;T"},
      {"a\tb   c", "a b c"},
      {"24\" wide", "24\" wide"},
      {"\"Best\" radio", "&quot;Best\" radio"},
      {"\"a\"\n\"b\"", "&quot;a\"<br>\"b\""},
  }));
  CAPTURE(source);
  CHECK(clean_html(source) == clean);
  CHECK(clean_html(clean) == clean);
}

TEST_CASE("markup never begins with a quotation mark") {
  CHECK(clean_html("<span>\"Best\"</span> radio") == "&quot;Best\" radio");
  CHECK(clean_html("&quot;Best&quot;") == "&quot;Best\"");
  CHECK(clean_html("<p>\"Best\"</p>") == "<p>\"Best\"</p>");
}

TEST_CASE("markup that shows nothing is empty") {
  const std::string source = GENERATE("", "  \n", "<p></p>", "<html><body><p class=\"richp\"><br></p></body></html>",
                                      "<p>&nbsp;</p>", "<!-- x -->", "<style>x</style>", "\xC2\xA0", "<hr>");
  CAPTURE(source);
  CHECK(clean_html(source).empty());
}

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("monstrous markup ends soon and keeps its text") {
  const auto started = std::chrono::steady_clock::now();
  SECTION("100,000 nested elements") {
    CHECK(clean_html(repeated("<div>", 100'000) + "text") == "text");
    CHECK(clean_html(repeated("<b>", 100'000) + "text") == "text");
  }
  SECTION("nesting just below the limit is still read as markup") {
    CHECK(clean_html(repeated("<div>", 10'000) + "text") ==
          repeated("<div>", 10'000) + "text" + repeated("</div>", 10'000));
  }
  SECTION("formatting that every paragraph repeats") {
    std::string source;
    for (int i = 0; i < 4'900; ++i) source += "<p><font size=" + std::to_string(i) + ">";
    CHECK(clean_html(source + "text") == "text");
  }
  SECTION("scripts and styles do not leak when markup is reduced to its text") {
    const std::string many = repeated("<i>", 100'000);
    CHECK(clean_html(many + "<script>if (a < b) x()</script>a<style>p{}</style> &lt;b&gt;\nc<d") == "a &lt;b&gt; c d");
  }
  SECTION("an embedded picture of a megabyte") {
    CHECK(clean_html("<p>a<img src=\"data:image/png;base64," + std::string(1U << 20U, 'A') + "\">b</p>") ==
          "<p>ab</p>");
  }
  SECTION("50,000 lines of plain text") {
    CHECK(clean_html(repeated("x\n", 50'000) + "y") == repeated("x<br>", 50'000) + "y");
  }
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(10));
}

TEST_CASE("whatever comes in, what goes out is one line of UTF-8 without an opening quotation mark") {
  // Pieces that matter to a parser, in random order.
  const std::vector<std::string> pieces{"<p>",        "</p>",
                                        "<b",         ">",
                                        "\"",         "'",
                                        "=",          "&",
                                        "&lt;",       "&#0;",
                                        "&#13;",      "&#x85;",
                                        "\n",         "\t",
                                        "<!--",       "-->",
                                        "<script>",   "</script>",
                                        "<a href=\"", "javascript:",
                                        "<table>",    "<td>",
                                        "</table>",   "<svg>",
                                        "ü",          "😀",
                                        "\xC2\x85",   "\xE2\x80\xA8",
                                        "<pre>",      "<img src=https://x ",
                                        "\x01",       std::string(1, '\0'),
                                        "x",          " ",
                                        "<textarea>", "<select>",
                                        "<title>",    "<![CDATA[",
                                        "]]>",        "<?",
                                        "</"};
  std::uint32_t state = 20260901;
  for (int round = 0; round < 3000; ++round) {
    std::string source;
    for (int i = 0; i < 30; ++i) {
      state = state * 1664525U + 1013904223U;
      source += pieces[(state >> 8U) % pieces.size()];
    }
    const std::string clean = clean_html(source);
    CAPTURE(round, source, clean);
    REQUIRE(valid_utf8(clean));
    REQUIRE_FALSE(has_break(clean));
    REQUIRE_FALSE(clean.starts_with('"'));
    REQUIRE(clean.find("<script") == std::string::npos);
    REQUIRE(clean.find("href=\"javascript") == std::string::npos);
    REQUIRE(clean_html(source) == clean);
  }
}
