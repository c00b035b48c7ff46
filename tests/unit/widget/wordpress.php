<?php
// What the plug-in needs of WordPress, as small as it can be. Usage:
//   php wordpress.php <plugin.php> <function> <server> [json of the shortcode's attributes]
define( 'ABSPATH', '/' );
function add_action( $hook, $function ) {}
function add_shortcode( $name, $function ) {}
function get_option( $name, $default ) { return $GLOBALS['argv'][3]; }
function untrailingslashit( $text ) { return rtrim( $text, '/' ); }
function esc_url_raw( $url, $schemes = array() ) { return preg_match( '#^https?://[^\s"\'<>]+$#', $url ) ? $url : ''; }
function esc_url( $url ) { return htmlspecialchars( $url, ENT_QUOTES ); }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_html__( $text, $domain ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function shortcode_atts( $names, $given, $tag ) { return array_merge( $names, array_intersect_key( (array) $given, $names ) ); }
function wp_enqueue_script( ...$about ) { echo json_encode( $about, JSON_UNESCAPED_SLASHES ); }
require $argv[1];
$result = $argv[2]( json_decode( $argv[4] ?? '{}', true ) );
echo is_string( $result ) ? $result : '';
